"""The words that bylines are made of: news agencies, picture sources, outlets, roles, name particles."""

from __future__ import annotations

from tasks.normalise.wordlists import phrases, words

# One line an agency: the name that the agencies column uses, then its other forms. Matched casefolded, without «The».
_AGENCIES = """
AP: Associated Press, A.P., AP News
Reuters: Thomson Reuters, Reuters News, Reuters TV
AFP: Agence France-Presse, Agence France Presse, Agence France-Press
UPI: United Press International
PA: Press Association, PA Media, PA News
TASS: ITAR-TASS, ТАСС, ИТАР-ТАСС
Interfax: Интерфакс, Interfax-Ukraine
RIA Novosti: RIA, РИА Новости
Sputnik: Sputnik News
dpa: Deutsche Presse-Agentur, Deutsche Presse Agentur, dpa-AFX, dpa international
epd: Evangelischer Pressedienst
KNA: Katholische Nachrichten-Agentur
SID: Sport-Informations-Dienst
APA: Austria Presse Agentur, Austria Presseagentur
Keystone-SDA: SDA, Schweizerische Depeschenagentur, ATS, SDA-Keystone
ANSA: Agenzia ANSA
Adnkronos: Agenzia Adnkronos
AGI: Agenzia Italia
LaPresse:
EFE: Agencia EFE
Europa Press: Europapress
Lusa: Agência Lusa
Agência Brasil: Agencia Brasil
Télam: Telam
Notimex:
ANP: Algemeen Nederlands Persbureau
Belga: Belga News Agency
NTB: Norsk Telegrambyrå
TT: TT Nyhetsbyrån, Tidningarnas Telegrambyrå
Ritzau:
STT: Suomen Tietotoimisto
PAP: Polska Agencja Prasowa
ČTK: CTK, Česká tisková kancelář
TASR:
MTI:
HINA:
Tanjug:
BNS: Baltic News Service
ELTA:
LETA:
Ukrinform: Укрінформ
UNIAN: УНІАН
BelTA: БелТА
Anadolu Agency: Anadolu Ajansı, Anadolu Ajansi, Anadolu Agentur
İHA: IHA, İhlas Haber Ajansı, İhlas Haber Ajansi
DHA: Demirören Haber Ajansı, Demirören Haber Ajansi
Xinhua: Xinhua News Agency, 新华社
Kyodo: Kyodo News, 共同通信, 共同
Jiji: Jiji Press, 時事通信, 時事
Yonhap: Yonhap News Agency, Yonhap News, 연합뉴스
PTI: Press Trust of India
ANI: Asian News International
IANS: Indo-Asian News Service
APP: Associated Press of Pakistan
AAP: Australian Associated Press
CP: Canadian Press, La Presse canadienne
Bernama:
Antara:
IRNA:
SANA:
WAM: Emirates News Agency
Tasnim: Tasnim News Agency
Bloomberg: Bloomberg News
GlobeNewswire: Globe Newswire
Business Wire: BusinessWire
PR Newswire:
"""
AGENCIES: dict[str, str] = {}
for _line in _AGENCIES.strip().splitlines():
    _name, _, _forms = _line.partition(":")
    for _form in (_name, *filter(None, _forms.split(","))):
        AGENCIES[_form.strip().casefold()] = _name

# Where pictures come from, besides the agencies.
PICTURE_SOURCES = phrases(
    """
    getty images, getty, gettyimages, afp/getty images, flickr, shutterstock, istock, istockphoto, alamy, alamy
    stock photo, unsplash, pixabay, pexels, wikimedia commons, wikimedia, wikicommons, wikipedia, creative commons,
    public domain, instagram, twitter, facebook, youtube, telegram, vkontakte, zuma, zuma press, zuma wire,
    zumapress, sipa, sipa usa, sipa press, epa, epa-efe, pool, pool photo, corbis, magnum, magnum photos, redux,
    polaris, imago, picture alliance, picture-alliance, ap photo, ap images, reuters pictures, rex, rex features,
    wireimage, filmmagic, abacapress, abaca, nurphoto, anadolu, keystone, scanpix, ntb scanpix, tt bild, lehtikuva,
    screenshot, courtesy, handout, press service, press office, kremlin.ru, handout photo, moskva news agency,
    kommersant, vedomosti, adobe stock, dreamstime, depositphotos, bigstock, nasa, cc by-sa, cc by
    """
)

# Bodies that people are said to belong to.
BODY_WORDS = words(
    """
    university institute college school academy center centre foundation association society council committee ministry
    department government embassy party union federation club nations
    """
)
# A group of words with one of these is an outlet, a desk or a body, not a person.
OUTLET_WORDS = BODY_WORDS | words(
    """
    news newspaper newspapers newsroom newswire times today tribune herald gazette chronicle telegraph guardian
    independent observer journal magazine media press radio tv television network broadcasting agency service
    services bureau desk online digital web daily weekly online.com post mail globe standard mirror express examiner
    inquirer enquirer courier dispatch politico breitbart huffpost huffington buzzfeed axios vox slate salon reuters
    bloomberg cnn bbc npr pbs cbs nbc abc msnbc cnbc espn group inc inc. ltd ltd. llc corp corp. company gmbh ag co.
    zeitung nachrichten presse agentur agence agenzia agencia agência redaktion rundfunk verlag sender pressedienst
    blatt anzeiger tageszeitung journal giornale corriere gazzetta repubblica diario periódico noticias notícias
    actualidad jornal folha tidning tidende avis dagblad krant gazeta газета новости агентство редакция haber ajansı
    gazetesi studio studios folhapress novinky delfi
    """
)
# Words for who somebody is at the outlet, or for nobody in particular.
ROLE_WORDS = words(
    """
    staff writer writers reporter reporters editor editors editorial board team correspondent correspondents
    columnist columnists contributor contributors contributing analyst analysts chief producer producers
    photographer photographers freelance intern fellow blogger commentator critic author authors senior junior
    deputy assistant associate managing executive special political national foreign international diplomatic
    business economics legal health science sports entertainment opinion politics tech technology washington-based
    guest admin administrator webmaster moderator anonymous unknown source sources wire wires agencies compiled
    combined reports exclusive redakteur redakteurin korrespondent korrespondentin autor autorin gastautor
    reporterin leitung rédaction journaliste correspondant envoyé envoyée redacción periodista corresponsal
    redazione giornalista redação jornalista redactie verslaggever redaktionen redaksjonen journalist
    ntb/redaksjonen muhabir redakcja dziennikarz корреспондент president ceo founder director manager spokesman
    spokeswoman minister senator professor secretary governor letters leserbriefe sponsored advertorial user agencias
    agências agenzie agenturen وكالات סוכנויות about view posts
    """
)
# Words that begin headings; no line that starts with one is a bare byline.
HEADING_WORDS = words(
    """
    the a an this that these those what why how when where who which full text abstract key points breaking read
    more related story stories photo photos video videos watch listen live updated update published advertisement
    subscribe share comments middle north south east west eastern western northern southern united white latest top
    most analysis background context summary conclusion introduction table contents contact copyright terms privacy
    and or but not in on of for with from to at as is are was were it its he she they we you your our his her their
    if so then there here now monday tuesday wednesday thursday friday saturday sunday morning evening tonight
    yesterday tomorrow original new san los el las great high supreme prime climate foreign public human social
    """
)
# Surnames that are also words for outlets, and the words that show that the outlet is meant.
OUTLET_SURNAMES = words("press post sun star mail page web union club")
OUTLET_LEADS = words(
    """
    daily sunday saturday evening morning national associated canadian free washington huffington denver jerusalem
    jakarta bangkok financial new toronto kansas indianapolis irish scottish european student labor trade
    """
)
# Words that stand uncapitalised inside names.
PARTICLES = words(
    """
    de del della dello dei degli di da dal das do dos du des la le los las el van von der den ten ter te zu zum zur
    vom y e i af av bin ibn bint al ul ur abu ben st san
    """
)
SUFFIXES = words("jr jr. sr sr. ii iii iv v phd ph.d. md m.d. esq esq.")

# Datelines of more than one word, which look like names.
PLACES = phrases(
    """
    new york, new york city, los angeles, san francisco, san diego, las vegas, new delhi, new orleans, hong kong,
    tel aviv, buenos aires, mexico city, sao paulo, são paulo, rio de janeiro, kuala lumpur, cape town, abu dhabi,
    addis ababa, st petersburg, st. petersburg, st. louis, salt lake city, united nations, capitol hill, the hague,
    den haag, phnom penh, san juan, san jose, santa fe, el paso, saint petersburg, washington d.c., washington dc,
    nizhny novgorod, rostov-on-don, the white house, guatemala city, panama city
    """
)
