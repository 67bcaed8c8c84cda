"""The words that dates are written with: month and week day names, labels, am and pm, time zones."""

from __future__ import annotations

from datetime import timedelta

from tasks.normalise.wordlists import words

# Twelve months a language, in order; variants of a month are parted by a stroke. Matched casefolded, without dots.
_MONTHS = """
january/jan february/feb march/mar april/apr may june/jun july/jul august/aug september/sep/sept october/oct
november/nov december/dec
januar/jänner/jän februar/feber märz/mär/mrz april mai juni juli august september oktober/okt november dezember/dez
janvier/janv février/févr/fév/fevrier mars/mars avril/avr mai juin juillet/juil août/aout septembre octobre novembre
décembre/déc/decembre
enero/ene febrero marzo abril/abr mayo junio julio agosto/ago septiembre/setiembre octubre noviembre diciembre/dic
gennaio/gen febbraio marzo aprile maggio/mag giugno/giu luglio/lug agosto settembre/set ottobre/ott novembre dicembre
janeiro fevereiro/fev março/marco abril maio junho julho agosto setembro outubro/out novembro dezembro
januari februari maart/mrt april mei juni juli augustus september oktober november december
stycznia/styczeń/sty lutego/luty/lut marca/marzec kwietnia/kwiecień/kwi maja/maj czerwca/czerwiec/cze lipca/lipiec/lip
sierpnia/sierpień/sie września/wrzesień/wrz października/październik/paź listopada/lis grudnia/grudzień/gru
ledna/leden února/únor března/březen dubna/duben května/květen června/červen července/červenec srpna/srpen září
října/říjen listopadu prosince/prosinec
januari februari mars april maj juni juli augusti september oktober november december
januar februar marts april maj juni juli august september oktober november december/des
tammikuuta/tammikuu helmikuuta/helmikuu maaliskuuta/maaliskuu huhtikuuta/huhtikuu toukokuuta/toukokuu kesäkuuta/kesäkuu
heinäkuuta/heinäkuu elokuuta/elokuu syyskuuta/syyskuu lokakuuta/lokakuu marraskuuta/marraskuu joulukuuta/joulukuu
ianuarie/ian februarie martie aprilie mai iunie/iun iulie/iul august septembrie octombrie noiembrie/noi decembrie
január február március április/ápr május/máj június/jún július/júl augusztus szeptember/szept október november december
ocak/oca şubat/şub mart nisan/nis mayıs haziran/haz temmuz/tem ağustos/ağu eylül/eyl ekim/eki kasım/kas aralık/ara
января/январь/янв февраля/февраль/фев/февр марта/март/мар апреля/апрель/апр мая/май июня/июнь/июн июля/июль/июл
августа/август/авг сентября/сентябрь/сен/сент октября/октябрь/окт ноября/ноябрь/ноя/нояб декабря/декабрь/дек
січня/січень лютого/лютий березня/березень квітня/квітень травня/травень червня/червень липня/липень серпня/серпень
вересня/вересень жовтня/жовтень листопада/листопад грудня/грудень
ιανουαρίου/ιαν φεβρουαρίου/φεβ μαρτίου/μαρ απριλίου/απρ μαΐου/μαι ιουνίου/ιουν ιουλίου/ιουλ αυγούστου/αυγ
σεπτεμβρίου/σεπ οκτωβρίου/οκτ νοεμβρίου/νοε δεκεμβρίου/δεκ
"""

MONTHS: dict[str, int] = {
    name: place % 12 + 1 for place, names in enumerate(_MONTHS.split()) for name in names.split("/")
}

# Words that may stand beside a date without changing it: days of the week, articles, labels.
FILLERS = words(
    """
    monday mon tuesday tue tues wednesday wed thursday thu thur thurs friday fri saturday sat sunday sun
    montag mo dienstag di mittwoch mi donnerstag do freitag fr samstag sonnabend sa sonntag so
    lundi lun mardi mercredi mer jeudi jeu vendredi ven samedi sam dimanche dim
    lunes martes mié miércoles jueves jue viernes vie sábado sáb domingo dom
    lunedì lunedi martedì martedi mercoledì mercoledi giovedì giovedi gio venerdì venerdi sabato sab domenica
    segunda terça quarta quinta sexta seg ter qua qui sex feira segunda-feira terça-feira quarta-feira
    quinta-feira sexta-feira
    ma wo vr za zo maandag dinsdag woensdag donderdag vrijdag zaterdag zondag
    poniedziałek wtorek środa czwartek piątek sobota niedziela
    pondělí úterý středa čtvrtek pátek neděle
    måndag tisdag onsdag torsdag fredag lördag söndag mandag tirsdag lørdag søndag
    mån man tis tir ons tor tors fre lör lør sön søn
    pazartesi salı çarşamba perşembe cuma cumartesi pazar
    понедельник вторник среда четверг пятница суббота воскресенье пн вт ср чт пт сб вс
    the of on at from in de del la le el il di em às as à den dne um am vom ab od kl klo klokken uhr
    火 水 木 金 土 г в года р року год
    published publish posted updated update modified created first last date dated time originally
    veröffentlicht erschienen aktualisiert stand datum publié publie mis jour publicado actualizado pubblicato
    aggiornato gepubliceerd bijgewerkt opublikowano publicerad publisert publiceret uppdaterad oppdatert
    опубликовано обновлено дата
    """
)

_HOURS = {
    "utc": 0, "ut": 0, "gmt": 0, "z": 0, "wet": 0,
    "bst": 1, "cet": 1, "mez": 1, "west": 1, "cest": 2, "mesz": 2, "eet": 2, "sast": 2, "eest": 3, "msk": 3,
    "pkt": 5, "ict": 7, "wib": 7, "wita": 8, "hkt": 8, "sgt": 8, "myt": 8, "pht": 8, "awst": 8, "jst": 9, "kst": 9,
    "aest": 10, "aedt": 11, "nzst": 12, "nzdt": 13, "brt": -3,
    "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7,
    "akst": -9, "akdt": -8, "hst": -10,
}  # fmt: skip
# Abbreviations with one fixed offset from UTC. CST and BST are read as in America and Britain; IST, which three
# countries use, is left out.
FIXED_ZONES: dict[str, timedelta] = {name: timedelta(hours=hours) for name, hours in _HOURS.items()}
# Abbreviations whose offset depends on the day.
PLACE_ZONES: dict[str, str] = {
    "et": "America/New_York",
    "ct": "America/Chicago",
    "mt": "America/Denver",
    "pt": "America/Los_Angeles",
}

# What sources write where they know no date, in lower case.
MISSING = words(
    """
    null none nil nan nat inf n/a na n.a. unknown undefined undated tbd false true invalid - -- — – ? 0 0.0 -1
    0000-00-00
    """
) | {"no date", "not available", "invalid date", "0000-00-00 00:00:00", "0000-00-00t00:00:00z", "0000-00-00t00:00:00"}
# Chinese, Japanese and Korean date marks, as separators.
CJK = str.maketrans(
    {
        "年": "-",
        "月": "-",
        "日": " ",
        "時": ":",
        "时": ":",
        "分": " ",
        "년": "-",
        "월": "-",
        "일": " ",
        "시": ":",
        "분": " ",
    }
)
