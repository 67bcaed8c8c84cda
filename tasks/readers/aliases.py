"""The names under which known layouts keep each field, in the order in which they are looked up.

Names are folded (no case, spaces, dashes, underscores); a dot leads into a nested object or a flattened column. A name
may serve one field only, and dates of crawling or downloading are no date of publication. docs/formats.md explains
which layouts these cover.
"""

from __future__ import annotations

ALIASES: dict[str, tuple[str, ...]] = {
    field: tuple(names.split())
    for field, names in {
        "title": """
            title.rendered title headline.main fields.headline headline headlines articletitle articleheadline
            newstitle webtitle heading head titel titre titolo titulo headlines.basic título titular überschrift
            ueberschrift schlagzeile заголовок название 标题 タイトル 제목 meta.title metadata.title
        """,
        "subtitle": """
            subtitle subheadline subhead subheading standfirst dek deck fields.trailtext trailtext
            alternativeheadline teaser description descriptiontext excerpt.rendered excerpt summary abstract
            snippet untertitel vorspann soustitre chapo chapô bajada
        """,
        "section": """
            dpasubjectnames section sectionname articlesection category categories channel rubric desk topic topics
            ressort rubrik rubrique sección seccion sezione seção secao editoria kategorie catégorie categorie categoría
            categoria newsdesk рубрика
        """,
        "url": """
            url link articleurl articlelink weburl pageurl newsurl permalink originalurl sourceurl href
            html.requestedurl html.respondedurl uri guid guid.rendered source id documenturl links.permalink
            adresse lien enlace ссылка mainentityofpage.@id mainentityofpage meta.url metadata.url
        """,
        "canonical_url": "canonicalurl canonical canonicallink",
        "publisher_name": """
            publishername publisher.name publisher publication publicationname source.name source.title
            sourcename source sitename site outlet newspaper provider.name provider copyrightholder
            sourcehostname metasitename pubtitle publicationtitle medio zeitung quelle fuente fonte testata
            veículo
        """,
        "publisher_domain": "publisherdomain sourcedomain domain hostname host",
        "authors": """
            authors author authornames authorname creators creator dc:creator writers writer autor auteur credits.by
            autores autoren autorin auteurs verfasser autore autori автор 作者 metadata.author metadata.authors
            meta.author meta.authors
        """,
        "byline": "byline.original fields.byline byline bylines by",
        "published": """
            published publishedat publishedon publisheddate publishedtime publishedts publishdate publishtime
            publishingdate publicationdate publicationtime datepublish datepublished pubdate pubtime
            webpublicationdate datetime dategmt date articledate newsdate versioncreated contentcreated
            firstcreated createdat timestamp extra.originalpublishedat dc:date datum displaydate firstpublishdate fecha
            fechapublicacion fechadepublicacion fechadepublicación data datapublicazione datapubblicazione
            datadepublicação datepublication datedepublication datedeparution veröffentlicht veröffentlichtam
            veröffentlichungsdatum erschienen erscheinungsdatum дата датапубликации 发布时间 日期 날짜 meta.date
            metadata.date meta.published metadata.published
        """,
        "modified": """
            modified modifiedat datemodified datemodify modifieddate updated updatedat dateupdated lastmodified
        """,
        "language": "language lang inlanguage languagecode metalang locale sprache langue idioma lingua язык",
        "text": """
            maintext plaintext articlehtml bodyxhtml bodyhtml bodies body bodytext bodynitf articlebody articletext
            fields.body fields.bodytext text content.rendered contenthtml contenttext content:encoded contentencoded
            content contents fulltext cleantext
            rawtext newstext paragraphs article story storytext document articlecontent articlecontents bodycontent
            bodyplain cleanedtext maincontent newsbody newscontent textcontent contentelements texte texto testo
            tekst volltext artikeltext haupttext inhalt contenu contenido conteúdo conteudo contenuto cuerpo
            corpo corps текст 正文 内容 本文 본문 html rawhtml pagehtml htmlcontent
        """,
        "credit": "credit photocredit imagecredit picturecredit",
        "related": "related relatedarticles",
    }.items()
}

# Names of summaries, which stand in for the text where a layout has none.
SUMMARIES = (
    "leadparagraph",
    "shortdescription",
    "description",
    "descriptiontext",
    "abstract",
    "summary",
    "snippet",
    "excerpt.rendered",
    "excerpt",
)

# Names that hold an address only sometimes, so that anything but http(s) there means nothing.
HTTP_ONLY = frozenset(
    ("url", name)
    for name in ("uri", "guid", "guid.rendered", "source", "id", "sourceurl", "mainentityofpage", "adresse")
)
# Names that hold a field only sometimes, so that a value of another type there means nothing.
AMBIGUOUS = HTTP_ONLY | {("published", "data")}

# Keys under which a response or an export wraps its list of articles.
ENVELOPES = (
    "articles",
    "item",
    "items",
    "results",
    "data",
    "docs",
    "news",
    "posts",
    "stories",
    "records",
    "entries",
    "response",
)
