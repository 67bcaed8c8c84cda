"""Closed classes of English words that tell names, titles and speakers apart from the rest of a news text."""

from __future__ import annotations

from tasks.extract.wordlists import words

MONTHS = words(
    """
    January February March April May June July August September October November December Jan Feb Mar Apr Jun Jul
    Aug Sept Sep Oct Nov Dec
    """
)
WEEKDAYS = words(
    """
    Monday Tuesday Wednesday Thursday Friday Saturday Sunday Mon Tue Tues Wed Thu Thurs Fri Sat Sun Mondays Tuesdays
    Wednesdays Thursdays Fridays Saturdays Sundays
    """
)

CALENDAR = MONTHS | WEEKDAYS

# Words that stand before a person's name, abbreviated without their full stop.
MALE_TITLES = words(
    """
    Mr Mister Sir Lord King Prince Duke Sheikh Shaikh Baron Father Brother Congressman Councilman
    """
)
FEMALE_TITLES = words(
    """
    Mrs Ms Miss Mme Madame Lady Dame Queen Princess Duchess Baroness Sister Congresswoman Councilwoman
    """
)
TITLES = (
    MALE_TITLES
    | FEMALE_TITLES
    | words(
        """
        Dr Prof Rev Reverend Hon Msgr Fr Sen Sens Senator Senators Rep Reps Representative Representatives Gov Govs
        Governor Governors Del Delegate Gen Gens General Lt Col Colonel Maj Major Capt Captain Cmdr Commander Sgt
        Sergeant Cpl Corporal Adm Admiral Brig Brigadier Lieutenant Marshal Pvt Private Det Detective Inspector
        Superintendent Supt Constable Sheriff Officer Chief President Presidents Vice-President Chancellor Premier
        Minister Ministers PM MP MEP Secretary Undersecretary Ambassador Envoy Consul Mayor Councillor Councilor
        Alderman Commissioner Comptroller Treasurer Speaker Leader Whip Chairman Chairwoman Chairperson Chair Chairs
        Director Directors Administrator Professor Professors Judge Judges Justice Justices Magistrate Prosecutor
        Attorney Counsel Lawyer Solicitor Barrister Pope Cardinal Archbishop Bishop Patriarch Imam Ayatollah Mullah
        Rabbi Pastor Monsignor Emperor Empress Sultan Emir Spokesman Spokeswoman Spokesperson Coach Manager CEO CFO
        COO CTO Editor Columnist Correspondent Reporter Anchor Candidate Nominee Founder Analyst Strategist
        Economist Adviser Advisor Deputy Coordinator Dean Provost Principal Superstar Comedian Actor Actress Singer
        Rapper Billionaire Author Mufti Co-founder Co-Founder Co-Chair Co-chair Secretary-General Engineer Counselor
        Counsellor
        """
    )
)
# Words that only make up a title together with one of the above.
TITLE_MODIFIERS = words(
    """
    Vice Prime Deputy Assistant Acting Interim Former First Second Senior Junior Chief Executive Majority Minority
    Lead Ranking Foreign Finance Defense Defence Interior Home Press Communications Managing General Attorney
    Associate Ex Retired Incoming Outgoing Supreme Opposition Presidential Vice-Presidential Campaign Crown Grand
    Solicitor District Special National Political Education Health Economy Justice Labor Labour Transport Trade
    Energy Environment Agriculture Culture
    """
)
ABBREVIATIONS = words(
    """
    Mr Mrs Ms Mme Dr Prof Rev Hon Msgr Fr Sen Sens Rep Reps Gov Govs Gen Gens Lt Col Maj Capt Cmdr Sgt Cpl Adm Brig
    Pvt Det Supt Del St Ste Mt Ft Jr Sr Md Mohd
    """
)

# Nouns for what a person is or does; the head of a description such as «the spokeswoman».
ROLES = frozenset(t.lower() for t in TITLES) | words(
    """
    spokesman spokeswoman spokesperson senator congressman congresswoman representative lawmaker legislator governor
    mayor president vice-president premier chancellor minister secretary undersecretary ambassador diplomat envoy
    negotiator official officer chairman chairwoman chairperson chair head chief leader deputy director manager
    executive boss founder co-founder owner lawyer attorney counsel prosecutor judge justice magistrate solicitor
    barrister adviser advisor aide assistant strategist consultant operative staffer analyst economist expert
    scholar professor researcher scientist academic historian lecturer author writer journalist reporter
    correspondent editor columnist commentator anchor host moderator presenter blogger critic candidate nominee
    contender challenger incumbent frontrunner front-runner hopeful rival politician statesman activist organizer
    organiser campaigner advocate dissident protester general admiral colonel captain commander lieutenant sergeant
    soldier veteran sheriff detective inspector policeman policewoman doctor physician surgeon nurse psychologist
    psychiatrist patient teacher student principal coach player striker goalkeeper midfielder quarterback athlete
    champion actor actress singer musician rapper producer filmmaker comedian star celebrity model artist poet
    novelist playwright pastor priest bishop archbishop cardinal pope rabbi imam reverend cleric preacher king queen
    prince princess monarch businessman businesswoman entrepreneur billionaire millionaire magnate tycoon banker
    investor broker developer trader farmer engineer pilot driver mechanic worker trustee treasurer commissioner
    superintendent coordinator administrator mother father son daughter wife husband brother sister widow ex-wife
    ex-husband friend neighbor neighbour colleague resident voter supporter witness survivor victim suspect
    defendant plaintiff juror whistleblower hero democrat republican conservative liberal independent member fellow
    partner co-author co-chair co-chairman mogul speaker whip delegate councilman councilwoman councillor alderman
    comptroller curator pollster surrogate
    """
)
FEMALE_ROLES = words(
    """
    spokeswoman congresswoman chairwoman actress mother daughter wife sister widow ex-wife queen princess
    policewoman businesswoman councilwoman woman girl lady grandmother aunt niece girlfriend duchess
    """
)
MALE_ROLES = words(
    """
    spokesman congressman chairman father son husband brother ex-husband king prince policeman businessman
    councilman man boy gentleman grandfather uncle nephew boyfriend duke
    """
)
# Role words that mean the same, mapped to one of them.
SAME_ROLE = {
    "sen": "senator", "sens": "senator", "senators": "senator", "rep": "congressman", "reps": "congressman",
    "representative": "congressman", "congresswoman": "congressman", "lawmaker": "congressman", "gov": "governor",
    "govs": "governor", "pm": "premier", "judge": "judge", "justice": "judge", "magistrate": "judge",
    "attorney": "lawyer",
    "counsel": "lawyer", "solicitor": "lawyer", "barrister": "lawyer", "spokeswoman": "spokesman",
    "spokesperson": "spokesman", "chairwoman": "chairman", "chairperson": "chairman", "chair": "chairman",
    "gen": "general", "dr": "doctor", "physician": "doctor", "surgeon": "doctor", "prof": "professor",
    "nominee": "candidate", "contender": "candidate", "hopeful": "candidate", "advisor": "adviser", "aide": "adviser",
    "ceo": "chief executive", "boss": "chief", "head": "chief", "leader": "leader", "businesswoman": "businessman",
    "mogul": "businessman", "billionaire": "businessman", "tycoon": "businessman", "magnate": "businessman",
    "col": "colonel", "lt": "lieutenant", "capt": "captain",
    "rev": "reverend", "pastor": "reverend", "priest": "reverend", "adm": "admiral", "sgt": "sergeant",
    "organiser": "organizer", "co-founder": "founder", "officer": "officer", "policeman": "officer",
    "policewoman": "officer",
}  # fmt: skip

# Nouns for bodies: the head of a description such as «the agency», and of names such as «Foreign Ministry».
BODIES = words(
    """
    ministry department agency bureau office administration government cabinet committee subcommittee commission
    council board panel court tribunal parliament assembly senate congress legislature party campaign coalition
    alliance union federation association organization organisation group institute institution foundation fund
    university college school academy company firm corporation bank airline carrier manufacturer maker retailer
    network broadcaster channel station newspaper magazine paper daily weekly journal tabloid publication website
    outlet service police army military navy force church mosque charity society league club team hospital center
    centre laboratory museum kingdom republic watchdog regulator authority think-tank tank consortium conglomerate
    automaker startup embassy consulate mission state city country nation county town province region kremlin
    """
)
# The nouns by which a body may be called, and words that names of such bodies hold.
KINDS_OF_BODY = {
    "paper": words(
        """
        Times Post Herald Journal Tribune Gazette News Courier Daily Guardian Observer Chronicle Globe
        """
    ),
    "union": words("Union Association Federation Brotherhood Workers Alliance AFL-CIO"),
    "agency": words(
        """
        Department Administration Agency Bureau Service Services Office Authority Commission
        """
    ),
    "panel": words("Committee Subcommittee Commission Board Panel Court Tribunal"),
    "court": words("Court Circuit Tribunal"),
    "group": words(
        """
        Association Alliance Foundation Council Society League Coalition Center Watch Action Network Group Fund
        """
    ),
    "regulator": words("Commission Authority Agency Office Bureau"),
    "university": words("University College Institute School"),
    "network": words("News Channel Network TV Broadcasting"),
    "party": words("Party Union Alliance Front Movement Democrats Conservatives Labour"),
    "company": words(
        """
        Inc Corp Co Group Ltd Company Motors Holdings Technologies Airlines Systems
        """
    ),
    "bank": words("Bank Bancorp"),
    "ministry": words("Ministry"),
    "police": words("Police Department"),
}
SAME_KIND = {
    "newspaper": "paper", "magazine": "paper", "daily": "paper", "tabloid": "paper", "publication": "paper",
    "weekly": "paper",
    "department": "agency", "bureau": "agency", "administration": "agency", "service": "agency", "office": "agency",
    "committee": "panel", "subcommittee": "panel", "commission": "panel", "board": "panel", "tribunal": "court",
    "association": "group", "organization": "group", "organisation": "group", "coalition": "group", "alliance": "group",
    "charity": "group", "foundation": "group", "watchdog": "regulator", "authority": "regulator",
    "college": "university",
    "institute": "university", "school": "university", "broadcaster": "network", "channel": "network",
    "station": "network",
    "firm": "company", "corporation": "company", "retailer": "company", "automaker": "company",
    "manufacturer": "company",
    "maker": "company", "airline": "company", "carrier": "company", "lender": "bank", "force": "police",
}  # fmt: skip
# Capitalised words that make the name that holds them an organisation.
ORG_WORDS = words(
    """
    Ministry Department Agency Bureau Office Administration Government Committee Subcommittee Commission Council
    Board Panel Court Tribunal Parliament Assembly Legislature Party Campaign Coalition Alliance Union Federation
    Association Organization Organisation Group Institute Institution Foundation Fund University College School
    Academy Company Corporation Corp Inc Ltd LLC LLP PLC Co Bank Airlines Airways Network Broadcasting Channel Radio
    Television TV News Newspaper Magazine Times Post Journal Tribune Herald Gazette Chronicle Observer Review Press
    Service Services Police Army Navy Air Forces Guard Brigade Battalion Regiment Church Society League Club FC
    Hospital Clinic Center Centre Laboratory Laboratories Museum Authority Embassy Consulate Mission Caucus Movement
    Front Congress Senate Initiative Partnership Trust Partners Holdings Industries Systems Technologies Technology
    Motors Pharmaceuticals Energy Electric Petroleum Oil Gas Steel Telecom Communications Entertainment Studios
    Pictures Records Media Digital Software Insurance Capital Financial Securities Exchange Investment Investments
    Markets Consulting Associates Brothers Sons Watch Project Conference Chamber Directorate Secretariat Corps
    Command Squad Unit Taskforce Citizens Workers Veterans Teachers Students Lawyers Rangers United Orchestra
    Theater Theatre Ballet Ombudsman Registry Inspectorate Treasury Reserve Syndicate Mosque Synagogue Cathedral
    Appeals Circuit Monitor Dispatch Examiner Inquirer Globe Sentinel Telegraph Mirror Standard Ministries
    """
)
LOC_WORDS = words(
    """
    River Street Avenue Road Boulevard Square Park Lake Sea Ocean Gulf Bay Strait Island Islands Mountain Mountains
    Hill Hills Valley Desert Peninsula Province County District City Town Village Region Territory Territories
    Oblast Governorate Prefecture Airport Station Bridge Tower Plaza Stadium Arena Palace Castle Hotel Highway Beach
    Forest Canyon Coast Border Republic Emirate Kingdom Canal Cape Port Harbor Harbour Dam Prison Cemetery Temple
    Heights Springs Falls Creek
    """
)
LOC_PREFIXES = words(
    """
    North South East West Northern Southern Eastern Western Central Upper Lower Mount Mt Lake Fort Ft Port Cape
    Saint St San Santa Los Las Gulf Isle Camp
    """
)
# Words that are no name by themselves even where they are capitalised.
GENERIC = (
    ORG_WORDS - {"Congress", "Senate", "Parliament", "Treasury"}
    | LOC_WORDS
    | LOC_PREFIXES
    | TITLE_MODIFIERS
    | words(
        """
        State States House World God Constitution Law Act Revolution Amendment Affairs Municipal Municipality
        Indigenous Executive Internet Web Earth War Day Year Games Cup Olympics Festival Bible Heaven
        """
    )
)
# Last words that make a name one of an event, a work or a law.
EVENT_WORDS = words(
    """
    Day Eve Month Week Act Amendment Bill Award Awards Prize Cup Olympics Games Festival Summit Revolution War Wars
    Treaty Pact Accord Accords Agreement Constitution Convention Championship Championships Code Plan Nations
    Peoples Deal Memorandum
    """
)
# Common words that open names of bodies at a sentence's beginning («White House»), and keywords that are surnames too.
PHRASE_OPENERS = words(
    """
    White Black Red New National International Federal American World Human House
    """
)
SURNAME_WORDS = words(
    """
    Church Bank Post Price Watch Energy Brothers Guard Gray Major Park Court Banks Mission Standard Hill
    """
)
SURNAME_TITLES = words(
    """
    King Prince Duke Lord Bishop Pope Judge Dean Major Baron Page Marshal Cardinal Justice Constable Coach
    """
)
# Acronyms that are no body.
NO_BODIES = words(
    """
    AI COVID COVID-19 HIV AIDS DNA RNA GDP CEO CFO USD TV PDF NFT NFTs TB PCR LGBT LGBTQ STEM PTSD FIR VIP PR IT ID
    HR TBA IQ OK II III IV VI DVD CD FAQ PM AM MP MPs NGO NGOs IPO VAT QR SUV SMS URL USB GPS MRI EV RSVP SOS UFO AC
    DC BC AD LED CV DIY
    """
)
# Lower-case words inside names of people, and words behind which «of», «for» or «and» continues a name.
PERSON_LINKS = words(
    """
    de del della di da do dos das du des la le van von der den ter ten bin ibn bint al el ul ud zu zur y abu
    """
)
OF_HEADS = (
    ORG_WORDS
    | LOC_WORDS
    | words(
        """
        House Bank Church Head Secretary Speaker Director Minister Chief Chairman Governor President Duke Prince
        Attorney State States Sons Daughters Daily People Voice Radio Horn Board Joint Chiefs Leader Ambassador
        Commander Archbishop Bishop Master Republic Kingdom Commonwealth Isle Republicans Doctors
        """
    )
)
TOPICS = words(
    """
    Health Education Trade Industry Science Technology Economy Economic Finance Security Cooperation Culture Sports
    Sport Agriculture Food Drug Energy Environment Research Human Foreign Defense Defence Justice Law Labor Labour
    Commerce Securities Customs Immigration Citizenship Border Alcohol Planning Transport Transportation Housing
    Urban Information Communications Women Youth Oversight Trinidad Bosnia Fisheries Forestry Budget Intelligence
    Rights Arts Oceanic Refugees Missile Standards Tourism Development Interior Water Mines Families Peace Disease
    Pensions Revenue Banking
    """
)
# First parts of possessives that stay inside a name: «People's Republic».
POSSESSIVE_HEADS = words(
    """
    People Women Men Children Workers Veterans Teachers McDonald Moody Lloyd Writers Soldiers Lowe Macy Wendy
    Sotheby Christie
    """
)

# Verbs of saying beside which a lone capitalised word is a speaker.
SAYING = words(
    """
    said says say told tells added adds wrote writes tweeted asked asks argued argues claimed claims explained noted
    notes insisted insists warned warns called announced replied admitted acknowledged stated testified recalled
    declared suggested urged vowed promised denied conceded responded continued concluded believes thinks joked
    complained stressed
    """
)

# Words that begin a sentence or stand capitalised in a headline without being a name.
COMMON = words(
    """
    a an the this that these those it its it's he she they we you i i'm his her their our your my who whom whose
    which what when where why how there here and but or nor so yet if then than as at by for from in into of off on
    onto out over to up upon with without within about above across after afterwards against along amid among around
    because before behind below beneath beside besides between beyond despite during except following inside instead
    like near next once outside past per plus regarding since through throughout till toward towards under
    underneath unless unlike until via versus vs while whether whereas although though even ever every everyone
    everything everybody each either neither both all any anyone anything another other others some someone
    something somebody several many more most much few fewer less least no none nobody nothing not never only just
    also again already almost always often sometimes usually rarely still soon later earlier now today tonight
    tomorrow yesterday meanwhile however moreover furthermore therefore thus hence indeed perhaps maybe clearly
    certainly probably possibly apparently reportedly allegedly recently finally eventually suddenly additionally
    similarly likewise nevertheless nonetheless otherwise overall ultimately initially currently previously is are
    was were be been being am do does did done doing have has had having will would shall should can could may might
    must let lets get gets got getting go goes going gone went make makes made making take takes took taken taking
    come comes came give gives gave given giving see sees saw seen seeing say says said saying tell tells told ask
    asks asked asking think thinks thought know knows knew known want wants wanted need needs needed try tries tried
    trying use uses used using find finds found keep keeps kept put puts call calls called work works worked look
    looks looked looking show shows showed shown seem seems seemed help helps helped turn turns turned start starts
    started run runs ran move moves moved live lives lived believe believes believed hold holds held bring brings
    brought happen happens happened write writes wrote written read reads stand stands stood hear hears heard meet
    meets met lead leads led win wins won lose loses lost pay pays paid speak speaks spoke spoken stop stops stopped
    open opens opened close closes closed begin begins began according based compared speaking citing including
    thanks thank please yes well oh hello welcome one two three four five six seven eight nine ten eleven twelve
    twenty thirty forty fifty hundred thousand million billion first second third fourth fifth last latest new old
    young good better best bad worse worst big bigger biggest small great high low long short early late own same
    different large little right left real true false free full back down away together apart rather quite very too
    really actually simply nearly roughly approximately exactly especially people man men woman women child children
    time year years day days week weeks month months way ways thing things life world country countries state states
    city cities government governments company companies group groups party parties member members police officials
    official sources critics supporters analysts experts voters lawmakers researchers scientists protesters
    residents students teachers workers doctors investigators prosecutors authorities lawyers reporters president
    minister prime senator governor mayor judge secretary chairman director leader leaders candidate candidates
    nominee campaign campaigns election elections vote votes voting poll polls debate debates speech statement
    report reports reported news war peace law laws bill bills court deal deals plan plans talks talk policy issue
    issues question questions answer money tax taxes job jobs business market markets price prices economy trade
    budget oil gas water food health care school schools university college family families home house street road
    case cases trial death deaths attack attacks fire crash storm killed dead dies die died injured hit hits shot
    shooting arrest arrested charged jailed rejects reject rejected blasts slams slam hails urges urge warns warn
    vows vow denies deny backs accuses accuse claims claim reveals reveal announces announce confirms confirm admits
    admit insists demands demand orders order seeks seek faces face fears fear hopes hope eyes sets set cuts cut
    raises raise rises rise falls fall drops drop grows grow gains surge surges sign signs signed pass passes passed
    approve approves approved block blocks blocked ban bans banned launch launches launched release releases
    released join joins leave leaves leaving return returns visit visits push pushes pushed pull pulls fight fights
    fighting struggle struggles struggling save saves kill kills change changes changed power powers rule rules
    rights act acts action crisis threat threats risk video photo photos photograph image images watch listen
    related advertisement story article editor's note breaking exclusive analysis opinion update updated correction
    q dear hi hey ok okay sure sorry wow nope yeah such what's that's there's he's she's they're we're you're don't
    doesn't didn't isn't aren't can't won't wouldn't shouldn't let's who's here's ain't i've we've they've it'll
    he'll she'll they'll you've i'd we'd he'd she'd half part enough various certain numerous countless dozens
    hundreds thousands millions lots plenty born raised built located founded facing hoping knowing fearing seeking
    writing working longtime former current acting retired veteran senior top chief key main major minor public
    private local national international global foreign domestic federal central general special political economic
    social military democrats republicans americans black white red blue green gold silver north south east west
    northern southern eastern western online
    """
)
