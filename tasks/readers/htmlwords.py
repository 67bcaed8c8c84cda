"""The words by which a page's parts are known: its classes, and the phrases of walls, errors, pointers and labels."""

from __future__ import annotations

import re

from tasks.normalise.wordlists import words


def _classes(tokens: str) -> re.Pattern[str]:
    """Finds one of these tokens as a part of a class, `related` in `box-related__list` but not in `unrelated`."""
    return re.compile(rf"(?:^|[\s_-])(?:{'|'.join(tokens.split())})(?:$|[\s_-])")


def _phrases(lines: str) -> re.Pattern[str]:
    """Finds one of these phrases, a line each; every one of them is bounded, and so is what it is looked for in."""
    return re.compile("|".join(line.strip() for line in lines.strip().split("\n")), re.I)


HEADINGS = words("h1 h2 h3 h4 h5 h6")

# Containers that are furniture even where they hold more text than the article.
SURE_FURNITURE = _classes("comments? disqus cookies? consent outbrain taboola newsletters? related recommend\\w{0,9}")
FURNITURE = _classes(
    r"""
    shar(?:e|er|es|ing|ebar|etools|bar) socials? relateds recirc\w{0,12} promo\w{0,9} advert\w{0,10} ads?
    sponsor\w{0,5} captions? figcaption wp-caption-text credits? copyright breadcrumbs? tags taglist toolbar
    most-?(?:read|popular|viewed) trending read-?(?:more|next|also) more-?(?:on|from|stories) see-?also sign-?up
    subscribe subscription donat(?:e|ion)
    contributors? authors? author-?(?:bio|box|info|card) about-?author bylines? timestamp
    pagination print-?only sr-only visually-?hidden screen-?reader\w{0,6}
    live-?(?:nav|pagination|updates-?nav|status) key-?events-?nav playlist video-?(?:caption|title|info)
    gallery-?(?:caption|nav) pull-?quotes? pullout disclaimer feedback rating follow\w{0,3} tooltip modal popup
    overlay (?:audio|podcast)-?(?:module|player|embed|promo|tools?)
    """
)
# Where other articles, or what others say about this one, have their dates and authors.
ELSEWHERE = _classes(
    r"comments? commentlist related recommend\w{0,9} teasers? (?<![_-])sidebar most-?read more-?from promo\w{0,9}"
    " nav"
)
FOOTER = _classes("(?<!post[_-])(?<!entry[_-])(?<!article[_-])(?<!story[_-])footer")
BYLINE = _classes(
    r"by-?lines? authors? autor\w{0,8} autore auteurs? article-?author post-?author by-?author writers? reporters?"
    r" firma signature written-?by contributors? journalists? auther"
)
OF_PICTURE = re.compile(
    r"(?:media|image|photo|picture|caption|video|img|gallery|bild|foto)[a-z]{0,9}[_-]{1,9}(?:[a-z]{1,9}[_-]{1,2})?(?:byline|author)"
)
AUTHOR_NAME = _classes(
    r"name authors?-?(?:name|link)? byline-?(?:name|author|link)? (?:writer|journalist|reporter)-?name autor vcard fn"
)
DATE = _classes(
    r"publish\w{0,8} date\w{0,8} time-?stamp pub-?date entry-?date posted\w{0,3} byline meta time(?:ago)? datum info"
)
CREDIT = _classes(r"(?:photo|image)-?credits? credits? photographer copyright bildnachweis quelle")
PAYWALL = _classes(r"pay-?wall reg-?wall meter-?wall premium-?(?:gate|wall|content) piano subscriber-?only")

# A day as pages print it, with the time behind it where there is one.
_MONTH = r"[^\s\d.,;:/|()\[\]<>–—-]{3,12}"
PRINTED_DATE = re.compile(
    rf"(?:\d{{1,2}}(?:st|nd|rd|th|er|º|ª)?|(?<![^\W\d_]){_MONTH})[\s./,-]{{1,3}}(?:de |d\. |of )?"
    rf"(?:\d{{1,2}}(?:st|nd|rd|th)?|{_MONTH})[\s./,-]{{1,3}}(?:del? )?(?:\d{{4}}|\d{{2}})(?!\d|[./-]\d)"
    r"(?:[\s,|·•–—-]{1,4}(?:at |um |à )?\d{1,2}[:.h]\d{2}(?:\s?[ap]\.?m\.?)?(?: ?(?:UTC|GMT|[A-Z]{1,3}T)\b)?)?"
    rf"|\d{{4}}\.? {_MONTH} \d{{1,2}}(?!\d)"
    r"|\d{4}(?:[./-]\d{1,2}[./-]\d{1,2}|\. \d{1,2}\. \d{1,2}|年\s?\d{1,2}月\s?\d{1,2}日|년\s?\d{1,2}월\s?\d{1,2}일)"
    r"(?:[\s日T]{1,2}\d{1,2}[:時]\d{2})?",
    re.I,
)
# In the label or the class of the day of the last change.
CHANGED = re.compile(
    r"updat|modif|\bedited|aktualis|geändert|mis à jour|màj|actualiz|atualiz|aggiornat|ultima modifica|bijgewerkt"
    r"|aktualiz|uppdat|oppdat|opdat|ændret|endret|päivitet|muokat|güncel|обновл|измен|оновлен|修正|更新|수정|diperbarui"
    r"|cập nhật|تحديث|עודכן|ενημ[εέ]ρ",
    re.I,
)

POINTER = re.compile(
    r"[\W_]{0,4}(?:"
    + _phrases(
        r"""
        (?:related|read (?:also|more|next|on)|also read|see also|more (?:on|from|about)|watch|listen|don['’]t miss)\b
        (?:lesen sie (?:auch|mehr)|auch (?:lesen|interessant)|mehr (?:zum|zu|dazu)|siehe auch)\b
        (?:lire aussi|à lire|lea también|lee también|leggi anche)\b
        (?:leia (?:também|mais)|читайте (?:также|також)|lees (?:ook|meer|verder)|läs (?:också|även|mer)|les også)\b
        (?:læs også|lue myös|lue lisää|czytaj (?:też|także|więcej)|zobacz (?:też|także)|čtěte (?:také|též))\b
        (?:citește și|olvassa el|ayrıca|ilgili haber|baca juga|lihat juga|xem thêm|διαβάστε (?:επίσης|ακόμα))\b
        関連|あわせて読みたい|관련기사|延伸阅读|相关(?:阅读|新闻)|اقرأ أيضا|इसे भी पढ़ें|ये भी पढ़ें|קראו גם
        """
    ).pattern
    + ")",
    re.I,
)
# A line that asks to follow the site or to sign up.
FOLLOW = _phrases(
    r"""
    follow (?:us|\w+(?: \w+){0,4}) on (?:google|twitter|x\b|facebook|instagram|whatsapp|telegram|youtube|linkedin)
    (?:sign up|subscribe) (?:for|to) (?:our|the|my|\w{2,20}['’]s) .{0,60}(?:newsletter|briefing|e-?mails?|channel)
    (?:join|subscribe to|follow) (?:our|us on|the) .{0,30}(?:whatsapp|telegram|youtube|google news)
    (?:download|get) (?:our|the) .{0,30}app\b|(?:get|receive) .{0,60}in(?:to)? your inbox|like us on facebook
    (?:folgen sie|folge|abonnieren sie) (?:uns|unseren?|jetzt) .{0,80}(?:whatsapp|facebook|google|newsletter|telegram)
    (?:suivez|retrouvez|abonnez|rejoignez)[- ].{0,80}(?:whatsapp|facebook|google|newsletter|telegram|twitter)
    (?:sigue|síguenos|suscríbete|únete|recibe) .{0,90}(?:whatsapp|facebook|google|newsletter|telegram|twitter)
    (?:segui|seguici|iscriviti|unisciti) .{0,80}(?:whatsapp|facebook|google|newsletter|telegram|twitter)
    (?:siga|acompanhe|inscreva-se|receba|entre) .{0,80}(?:whatsapp|facebook|google|newsletter|telegram|instagram)
    (?:подписывайтесь|подпишитесь|підписуйтес[ья]|підпишіться) на|ikuti .{0,60}(?:whatsapp|google news|telegram)
    """
)
# The heading of an appeal or an offer at the end of a page.
APPEAL = _phrases(
    r"""
    support (?:our|independent|quality|local|\w+['’]s?) (?:journalism|reporting|work)|become a member|donate(?: now)?
    (?:sign up|subscribe) (?:for|to) .{0,60}|stay (?:informed|connected|up to date)
    keep up with .{0,40}|never miss .{0,40}
    (?:\d{1,2}|zwei|drei|vier) (?:wochen|monate) (?:kostenlos|gratis|lang) .{0,30}|jetzt (?:testen|abonnieren)
    unterstützen sie (?:uns|unser).{0,40}|soutenez .{0,40}|faites un don|apoya .{0,40}|apoie .{0,40}|sostieni .{0,40}
    поддержите .{0,40}|підтримайте .{0,40}|wesprzyj .{0,40}
    """
)
# The line below an article that says where it is from or what it is about.
END = _phrases(
    r"""
    (?:sources?|quellen?|fuente|fonte|источник|джерело|sumber|kaynak|źródło|bron|källa|kilde|المصدر|来源|출처)\s?[:：].{0,60}
    (?:filed under|posted in|tags?|categor(?:y|ies)|topics|schlagw(?:orte|örter)|themen|etiquetas|теги)\b\s?:.{0,90}
    """
)
# The heading of a box that holds nothing but other articles.
BOX = _phrases(
    r"""
    related(?: (?:stories|articles|coverage|news|content|links|topics|posts|reading|video))?
    more (?:top )?(?:stories|news)|(?:more|latest|most read|popular|top stories) (?:from|in|on) .{1,30}
    (?:read|see|what to read|up) (?:more|next|also)
    most (?:read|popular|viewed|shared)|you (?:may|might) (?:also )?(?:like|be interested in)|recommended(?: for you)?
    editors?['’]? (?:picks?|choice)|don['’]t miss|trending(?: now)?|further reading|around the web
    mehr zum thema|das könnte (?:sie|dich) (?:auch )?interessieren|lesen sie auch|weitere (?:artikel|themen|meldungen)
    auch interessant|meistgelesen|zum thema|sur le même (?:sujet|thème)|(?:à )?lire aussi|à lire (?:également|aussi)
    les plus lus|nos articles|más información|(?:te puede|te podría) interesar|noticias relacionadas|lee también
    lo más (?:leído|visto)|leggi anche|potrebbe interessarti(?: anche)?|articoli correlati|i più letti
    leia mais|(?:veja|leia) também|mais lidas|notícias relacionadas|lees ook|meer over .{1,30}|läs (?:också|även|mer)
    mer om .{1,30}|mest läst|les også|læs også|mest læste|lue myös|luetuimmat
    czytaj (?:też|także|więcej)|zobacz (?:też|także)
    najczęściej czytane|читайте (?:также|також)|(?:материалы )?по теме|самое читаемое|čtěte také|související články
    ilgili haberler|çok okunanlar|bunlar da ilginizi çekebilir|baca juga|berita terkait|tin liên quan|xem thêm
    関連記事|関連ニュース|おすすめ(?:記事|情報)?|あわせて読みたい|アクセスランキング|관련기사|많이 본 뉴스
    相关(?:阅读|新闻|报道)|延伸阅读|推荐阅读
    اقرأ أيضا|مواضيع ذات صلة|الأكثر قراءة|ये भी पढ़ें|संबंधित खबरें|διαβάστε (?:επίσης|ακόμα)|σχετικά(?: άρθρα)?
    """
)
LABEL = _phrases(
    r"""
    tweet|facebook|twitter|x|whatsapp|linkedin|reddit|pinterest|pocket|flipboard|telegram|messenger|bluesky|threads|save
    speichern|partager|imprimer|compartir|condividi|compartilhar|dela|delen|udostępnij|поделиться|paylaş|シェア|공유
    advertisement|anzeige|werbung|publicité|publicidad|pubblicità|reklam|реклама
    share(?: this)?(?: article| story| on \w{1,20})?|teilen|drucken|merken|print|e-?mail|copy(?: link)?
    (?:story|article) continues (?:below|after)[^.]{0,40}|continue reading|read more|loading\W{0,3}
    sign up(?: now)?|log in|subscribe(?: now)?|follow us[^.]{0,60}|image (?:source|caption)|getty images
    \d{1,2} (?:minute|hour|day|week|month|year)s? ago|vor \d{1,2} (?:minuten|stunden|tagen)|il y a \d{1,2} \w{2,9}
    follow|listen(?: to (?:this )?(?:article|story))?|\d{1,2}[ -]min(?:ute)?s?(?: read| listen)?
    (?:lesezeit|temps de lecture|tempo de leitura|tempo di lettura|tiempo de lectura|leestijd)\W.{1,20}
    .{0,3}(?:责任编辑|責任編輯|责编|编辑|编审)\s?[:：].{1,20}|전송시간|이메일보내기
    (?:\d{1,4} )?comments?|kommentare?|all rights reserved\.?|(?:©|\(c\)|copyright).{0,80}
    """
)
WALL = _phrases(
    r"""
    (?:subscribe|sign ?up|register|log ?in|sign in)\b.{0,60}\bto (?:continue|read|keep|access|unlock|view|finish)
    (?:subscribe|register) .{0,60}\breading
    (?:become a (?:member|subscriber)|start your (?:free )?trial)\b.{0,60}\b(?:to (?:continue|read|keep|access)|reading)
    (?:article|story|content) is (?:for|only available to|reserved for) (?:our )?(?:subscribers|members)
    (?:for|exclusive to) (?:subscribers|members) only|already a (?:subscriber|member)
    weiterlesen mit|jetzt (?:abonnieren|weiterlesen)|nur für abonnenten|mit .{0,20}(?:abo|plus) (?:weiter)?lesen
    réservé aux abonnés|il vous reste .{0,20} à lire|pour lire la suite|exclusivo para suscriptores
    contenuto riservato agli abbonati|abbonati per (?:leggere|continuare)|suscríbete para (?:seguir|leer|continuar)
    contenido exclusivo para (?:suscriptores|socios)|(?:conteúdo|exclusivo) (?:exclusivo )?para assinantes
    assine para (?:ler|continuar)|article réservé|la suite (?:de cet article )?est réservée
    alleen voor abonnees|lees verder met|logga in för att (?:läsa|fortsätta)|(?:kun )?for abonnenter
    log ind for at læse|vain tilaajille|tylko dla (?:prenumeratorów|subskrybentów)|pozostało .{0,6}% (?:artykułu|tekstu)
    только для подписчиков|лише для передплатників|sadece aboneler
    この記事は(?:有料|会員)|会員限定|続きを読むには
    """
)
CONSENT = _phrases(
    r"""
    \bcookies?\b|\bconsent\b|\b(?:our|advertising|ad) partners\b|\btracking\b|\bgdpr\b|\baccept all\b|personal data
    privacy (?:policy|settings)|einwilligung|zustimm|datenschutz|personenbezogen|consentement|traceurs
    données personnelles|consentimiento|datos personales|consenso|dati personali|zgod[aęy]|samtyck|toestemming
    """
)
ERROR = _phrases(
    r"""
    (?:^|error |fehler |erreur |http )(?:40[0-9]|410|429|50[0-9])\b|\bpage (?:missing|unavailable)|no such page
    (?:page|site|article|story|file) (?:was |is |could |can )?(?:not|no longer|cannot be) (?:be )?(?:found|available)
    (?:page|site|article|story|document|file) (?:does not|no longer) exist
    ^not found|we can['’]t find|(?:page|story|article) doesn['’]t exist|access denied|^forbidden
    access to this page has been denied|verify(?:ing)? (?:that )?you are (?:a )?human
    just a moment\W|attention required|are you (?:a robot|human)|robot check
    service unavailable|bad gateway|server error|too many requests|under maintenance
    seite (?:wurde )?nicht (?:gefunden|verfügbar)|^nicht gefunden|page (?:introuvable|non trouvée)
    página no (?:encontrada|existe)|pagina non trovata|página não encontrada|pagina niet gevonden
    страница не найдена|sidan (?:hittades|kunde) inte
    сторінк\w{1,2} не (?:знайден|існує)|страниц\w{1,2} не существует|sayfa bulunamadı|(?:^|\W)błąd 40\d|nie znaleziono
    strony? .{0,20}nie istnieje|stránka .{0,20}(?:nenalezena|neexistuje)|oldal nem található
    siden (?:blev |ble )?(?:ikke|finnes)
    sivua ei (?:löyd|löyty)|pagina .{0,20}nu (?:a fost găsită|există)|σελίδα δεν (?:βρέθηκε|υπάρχει)
    halaman tidak ditemukan|không tìm thấy trang|trang không tồn tại|الصفحة غير موجودة|הדף .{0,20}(?:לא נמצא|אינו קיים)
    ページが見つかりません|お探しのページ|페이지를 찾을 수 없|页面不存在|找不到(?:页面|頁面|网页)|页面找不到|पेज नहीं मिला
    """
)
