"""Phrases out of which made-up news are put together, in three languages; "a|b" are two ways to say the same."""

from __future__ import annotations

WHO = {
    "en": (
        "the harbour authority of Marsa Zaytun|the port authority in Marsa Zaytun", "a council of river fishermen",
        "the lantern makers' guild|the guild of lantern makers", "the deputy minister of canals", "two visiting engineers",
        "the regional school board|the school board of the region", "an alliance of olive growers", "the night ferry company",
        "the mayor of Qasr Nuwara|Qasr Nuwara's mayor", "a retired bridge inspector", "the weather observatory on Mount Sahl",
        "the union of tram drivers|the tram drivers' union", "a commission of five judges", "the museum of tides",
        "the salt works at Wadi Lamis", "an association of beekeepers", "the opposition on the city council",
        "the inspector general of lighthouses", "a delegation from the upper valley", "the cooperative of weavers",
    ),
    "ar": (
        "هيئة ميناء مرسى الزيتون|سلطة ميناء مرسى الزيتون", "مجلس صيادي النهر", "نقابة صانعي الفوانيس|نقابة صنّاع الفوانيس",
        "نائب وزير القنوات", "مهندسان زائران من الساحل", "مجلس المدارس في الإقليم|مجلس مدارس الإقليم", "تحالف مزارعي الزيتون",
        "شركة العبّارة الليلية", "رئيس بلدية قصر نوارة|عمدة قصر نوارة", "مفتش جسور متقاعد", "مرصد الطقس في جبل السهل",
        "اتحاد سائقي الترام|نقابة سائقي الترام", "لجنة من قضاة الإقليم", "متحف المدّ والجزر", "ملّاحات وادي لميس",
        "جمعية مربّي النحل", "كتلة المعارضة في المجلس البلدي", "المفتش العام للمنارات", "وفد من الوادي الأعلى",
        "تعاونية النسّاجين",
    ),
    "es": (
        "la autoridad portuaria de Marsa Zaytun|la autoridad del puerto de Marsa Zaytun", "un consejo de pescadores del río",
        "el gremio de faroleros|el gremio de los fabricantes de faroles", "el viceministro de canales", "una pareja de ingenieros visitantes",
        "la junta escolar de la región|la junta regional de escuelas", "una alianza de olivareros", "la compañía del transbordador nocturno",
        "la alcaldesa de Qasr Nuwara", "un inspector de puentes jubilado", "el observatorio del monte Sahl",
        "el sindicato de tranviarios|el sindicato de conductores de tranvía", "una comisión de jueces", "el museo de las mareas",
        "las salinas de Wadi Lamis", "una asociación de apicultores", "la oposición en el ayuntamiento",
        "el inspector general de faros", "una delegación del valle alto", "la cooperativa de tejedoras",
    ),
}  # fmt: skip
DID = {
    "en": (
        "announced on the radio that|said on the radio that", "warned in an open letter that", "promised the residents that|assured residents that",
        "denied once more that", "learned from a survey that", "told a crowded hearing that|told the packed hearing that", "insisted against all doubts that",
        "found out by chance that", "wrote in its yearly account that", "agreed after a long night that|conceded after a long night that",
        "heard with surprise that", "noted in a brief statement that|remarked in a short statement that", "repeated before the cameras that",
        "concluded from old maps that", "confirmed late in the evening that|confirmed in the late evening that",
    ),
    "ar": (
        "أعلن عبر الإذاعة أنّ|قال عبر الإذاعة إنّ", "حذّر في رسالة مفتوحة من أنّ", "وعد السكان بأنّ|طمأن السكان إلى أنّ", "نفى مرة أخرى أنّ",
        "علم من استطلاع أنّ", "أبلغ جلسة مكتظة أنّ|أخبر الجلسة المكتظة أنّ", "أصرّ رغم كل الشكوك على أنّ", "اكتشف مصادفة أنّ",
        "كتب في تقريره السنوي أنّ", "وافق بعد ليلة طويلة على أنّ|سلّم بعد ليلة طويلة بأنّ", "سمع بدهشة أنّ", "لاحظ في بيان مقتضب أنّ|ذكر في بيان قصير أنّ",
        "كرّر أمام الكاميرات أنّ", "استنتج من خرائط قديمة أنّ", "أكّد في ساعة متأخرة أنّ|ثبّت في وقت متأخر أنّ",
    ),
    "es": (
        "anunció por la radio que|dijo por la radio que", "advirtió en una carta abierta que", "prometió a los vecinos que|aseguró a los vecinos que",
        "negó una vez más que", "supo por una encuesta que", "declaró ante una sala repleta que|contó ante una sala llena que", "insistió contra toda duda en que",
        "descubrió por casualidad que", "escribió en su memoria anual que", "admitió tras una larga noche que|reconoció tras una larga noche que",
        "oyó con sorpresa que", "señaló en un breve comunicado que|apuntó en una nota breve que", "repitió ante las cámaras que",
        "dedujo de viejos mapas que", "confirmó a última hora que|ratificó a última hora que",
    ),
}  # fmt: skip
WHAT = {
    "en": (
        "the old customs house would be opened to painters", "the copper roof had been leaking for years|the copper roof had leaked for years",
        "a second berth for grain ships was nearly ready", "nobody had counted the herons since spring", "the price of a crossing would not rise|a crossing would not cost more",
        "the eastern quay needed new piles before winter", "the archive of letters had been saved from the flood", "the tram to the cemetery would run again|the cemetery tram would return",
        "three dams upstream were being repaired in secret", "the choir had sold every seat of its tour", "the market hall lacked a licence for fish",
        "the lighthouse keeper had retired without a successor|the keeper of the lighthouse had retired and had no successor", "the festival of kites would move to the dunes",
        "the new wells gave salt water only", "the statue of the ferrywoman would stay in its place|the ferrywoman's statue would not be moved",
        "the bakers had agreed on a smaller loaf", "the wall along the gardens was older than thought", "the drawbridge stuck whenever the north wind blew",
    ),
    "ar": (
        "دار الجمارك القديمة ستُفتح أمام الرسامين", "السقف النحاسي يسرّب الماء منذ سنوات|السقف النحاسي ظلّ يسرّب الماء سنوات",
        "الرصيف الثاني لسفن الحبوب صار شبه جاهز", "أحداً لم يحصِ طيور البلشون منذ الربيع", "أجرة العبور لن ترتفع|سعر العبور لن يزيد",
        "الرصيف الشرقي يحتاج إلى دعائم جديدة قبل الشتاء", "أرشيف الرسائل نجا من الفيضان", "ترام المقبرة سيعود إلى العمل|الترام المتجه إلى المقبرة سيعود",
        "ثلاثة سدود في أعلى النهر تُرمّم سرّاً", "الجوقة باعت مقاعد جولتها كلها", "قاعة السوق بلا رخصة لبيع السمك",
        "حارس المنارة تقاعد بلا خلف|الحارس في المنارة تقاعد ولم يخلفه أحد", "مهرجان الطائرات الورقية سينتقل إلى الكثبان", "الآبار الجديدة لا تعطي إلا ماءً مالحاً",
        "تمثال صاحبة العبّارة سيبقى في مكانه|تمثال صاحبة العبّارة لن يُنقل", "الخبّازين اتفقوا على رغيف أصغر", "السور حول الحدائق أقدم مما ظنّ الناس",
        "الجسر المتحرّك يعلق كلما هبّت ريح الشمال",
    ),
    "es": (
        "la vieja aduana se abriría a los pintores", "el tejado de cobre goteaba desde hacía años|el tejado de cobre llevaba años goteando",
        "un segundo muelle para barcos de grano estaba casi listo", "nadie había contado las garzas desde la primavera", "el precio del pasaje no subiría|el pasaje no costaría más",
        "el muelle oriental necesitaba pilotes nuevos antes del invierno", "el archivo de cartas se había salvado de la inundación",
        "el tranvía del cementerio volvería a circular|el tranvía al cementerio regresaría", "varias presas río arriba se reparaban en secreto",
        "el coro había vendido todas las butacas de su gira", "el mercado carecía de licencia para pescado",
        "la farera se había jubilado sin sucesora|la guardiana del faro se había retirado y nadie la sucedía", "el festival de cometas se mudaría a las dunas",
        "los pozos nuevos solo daban agua salada", "la estatua de la barquera seguiría en su sitio|la estatua de la barquera no se movería",
        "los panaderos habían acordado un pan más pequeño", "la tapia de los huertos era más antigua de lo que se creía",
        "el puente levadizo se atascaba con el viento del norte",
    ),
}  # fmt: skip
WHY = {
    "en": (
        "because the money of last year had not been spent", "although the neighbours had asked for silence|even though the neighbours had asked for quiet",
        "as long as the rains kept away", "while the committee looked for another site", "since nobody had signed the older contract|as no one had signed the earlier contract",
        "until the divers came back with an answer", "if the province paid its half|should the province pay its half", "unless the court decided otherwise",
        "after a winter without snow in the hills", "before the pilgrims arrived from the south", "despite the doubts of the insurers|in spite of the insurers' doubts",
        "so that the children could walk to school", "in return for a longer lease", "without asking the heirs of the founder",
        "as the almanac had foretold", "and that no one should be surprised",
    ),
    "ar": (
        "لأنّ أموال العام الماضي لم تُصرف", "مع أنّ الجيران طلبوا الهدوء|رغم أنّ الجيران طلبوا الصمت", "ما دامت الأمطار بعيدة",
        "بينما تبحث اللجنة عن موقع آخر", "إذ لم يوقّع أحد العقد القديم|لأنّ أحداً لم يوقّع العقد السابق", "إلى أن يعود الغواصون بجواب",
        "إذا دفعت المحافظة حصتها|متى دفعت المحافظة نصيبها", "ما لم تقرّر المحكمة غير ذلك", "بعد شتاء بلا ثلج في التلال", "قبل وصول الحجاج من الجنوب",
        "رغم شكوك شركات التأمين|على الرغم من شكوك المؤمّنين", "كي يمشي الأطفال إلى المدرسة", "مقابل عقد إيجار أطول", "من دون سؤال ورثة المؤسس",
        "كما تنبّأ التقويم القديم", "ولا ينبغي أن يفاجأ أحد",
    ),
    "es": (
        "porque el dinero del año pasado no se había gastado", "aunque los vecinos habían pedido silencio|pese a que los vecinos pedían calma",
        "mientras no llegaran las lluvias", "en tanto la comisión buscaba otro lugar", "ya que nadie había firmado el contrato anterior|pues nadie firmó el contrato antiguo",
        "hasta que los buzos volvieran con una respuesta", "si la provincia pagaba su mitad|siempre que la provincia pagara su parte", "salvo que el tribunal decidiera otra cosa",
        "tras un invierno sin nieve en las colinas", "antes de que llegaran los peregrinos del sur", "a pesar de las dudas de las aseguradoras|pese a los recelos de las aseguradoras",
        "para que los niños fueran andando a la escuela", "a cambio de un arrendamiento más largo", "sin preguntar a los herederos del fundador",
        "tal como predijo el almanaque", "y que nadie debía sorprenderse",
    ),
}  # fmt: skip
FIGURES = {
    "en": ("Some {n} people have signed the petition against it.", "The works cost {n} crowns, more than was planned.", "It was the {n} sitting of the council since the vote."),
    "ar": ("وقّع {n} شخصاً عريضة ضد ذلك.", "بلغت كلفة الأعمال {n} ليرة، أكثر مما كان مقرراً.", "وكانت الجلسة رقم {n} للمجلس منذ الانتخاب."),
    "es": ("Unas {n} personas han firmado la petición en contra.", "Las obras costaron {n} coronas, más de lo previsto.", "Fue la sesión {n} del consejo desde la votación."),
}  # fmt: skip
ROUTINE = {
    "en": (
        "Exchange rates at the close of {day}",
        ("The dollar closed at {a} crowns on {day} at the exchange of Marsa Zaytun, according to the daily bulletin of the chamber of commerce. "
        "The euro was sold at {b} crowns, and the price of a gram of gold stood at {c} crowns in the shops of the old market. "
        "Traders said that demand had been calm and that the central bank had not taken part in the session. "
        "The bulletin is drawn up every evening from the figures of the licensed exchange offices and does not bind anybody."),
    ),
    "ar": (
        "أسعار الصرف عند إقفال {day}",
        ("أقفل الدولار على {a} ليرة يوم {day} في سوق مرسى الزيتون، بحسب النشرة اليومية لغرفة التجارة. "
        "وبيع اليورو بسعر {b} ليرة، وبلغ سعر غرام الذهب {c} ليرة في متاجر السوق القديم. "
        "وقال متعاملون إنّ الطلب كان هادئاً وإنّ المصرف المركزي لم يشارك في الجلسة. "
        "وتُعدّ النشرة كل مساء من أرقام مكاتب الصرافة المرخّصة ولا تُلزم أحداً."),
    ),
    "es": (
        "Tipos de cambio al cierre del {day}",
        ("El dólar cerró a {a} coronas el {day} en la bolsa de Marsa Zaytun, según el boletín diario de la cámara de comercio. "
        "El euro se vendió a {b} coronas y el gramo de oro se situó en {c} coronas en las tiendas del mercado viejo. "
        "Los operadores dijeron que la demanda fue tranquila y que el banco central no participó en la sesión. "
        "El boletín se elabora cada tarde con las cifras de las casas de cambio autorizadas y no obliga a nadie."),
    ),
}  # fmt: skip
DAYS = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday"),
    "ar": ("الاثنين", "الثلاثاء", "الأربعاء", "الخميس"),
    "es": ("lunes", "martes", "miércoles", "jueves"),
}
BOILERPLATE = {
    "en": "The Coast Courier is an independent paper. Write to the editors with hints and corrections, and follow our channel for the news of the day. All rights to texts and pictures are reserved, and any use needs our written consent.",
    "ar": "بريد الساحل صحيفة مستقلة. راسلوا المحررين بالملاحظات والتصويبات، وتابعوا قناتنا لمعرفة أخبار اليوم. جميع الحقوق في النصوص والصور محفوظة، وكل استعمال يحتاج إلى موافقتنا الخطية.",
    "es": "El Correo de la Costa es un diario independiente. Escriba a la redacción con avisos y correcciones, y siga nuestro canal para conocer las noticias del día. Todos los derechos de textos e imágenes están reservados y cualquier uso requiere nuestro permiso escrito.",
}  # fmt: skip
CREDITS = {
    "en": ("MARSA ZAYTUN (Coast Agency) —", "Reporting by the Coast Agency; editing by our desk.", "Our correspondent contributed to this report."),
    "ar": ("مرسى الزيتون (وكالة الساحل) —", "المصدر: وكالة الساحل، تحرير: قسم الأخبار.", "ساهم مراسلنا في هذا التقرير."),
    "es": ("MARSA ZAYTUN (Agencia Costa) —", "Información de la Agencia Costa; edición de nuestra redacción.", "Nuestro corresponsal contribuyó a esta nota."),
}  # fmt: skip
CHROME = {
    "en": ("Listen to this story", "2 min read", "Photo: archive", "Tap here for more from this section"),
    "ar": ("استمع إلى الخبر", "قراءة دقيقتين", "الصورة: أرشيف", "اضغط هنا للمزيد من هذا القسم"),
    "es": (
        "Escuche esta noticia",
        "2 min de lectura",
        "Foto: archivo",
        "Pulse aquí para más de esta sección",
    ),
}
STUB = {
    "en": ("Live: {0}", "Follow the latest developments here as they come in, with the newest entry first."),
    "ar": ("مباشر: {0}", "تابعوا هنا آخر التطورات أولاً بأول، والأحدث في الأعلى."),
    "es": ("En directo: {0}", "Siga aquí las últimas novedades según llegan, con la más reciente primero."),
}
STATEMENT = {
    "en": "We have read the report of the auditors with care, and we shall answer each of its questions before the summer session, in public and with every receipt on the table, since the people who dug these canals by hand deserve to know what became of their savings",
    "ar": "لقد قرأنا تقرير المدققين بعناية، وسنجيب عن كل سؤال من أسئلته قبل الدورة الصيفية، علناً ومع كل إيصال على الطاولة، فالناس الذين حفروا هذه القنوات بأيديهم يستحقون أن يعرفوا ما الذي حلّ بمدخراتهم",
    "es": "Hemos leído con atención el informe de los auditores y responderemos a cada una de sus preguntas antes de la sesión de verano, en público y con todos los recibos sobre la mesa, porque quienes cavaron estos canales a mano merecen saber qué fue de sus ahorros",
}  # fmt: skip
SEARCH = {
    "en": (
        "Rescuers go on with their search under the granary",
        ("Rescuers have brought {a} people out of the collapsed granary of Marsa Zaytun, and {b} others are still missing, the civil guard said. "
        "The search goes on with dogs and lamps, and the road to the harbour stays closed to all but ambulances. "
        "The hospital on the hill asked for blood and said that {c} of the injured were in its care. "
        "The cause is not known, and the owner of the granary has not answered any questions so far."),
    ),
    "ar": (
        "فرق الإنقاذ تواصل البحث تحت صومعة الحبوب",
        ("أخرجت فرق الإنقاذ {a} شخصاً من صومعة الحبوب المنهارة في مرسى الزيتون، ولا يزال {b} آخرون في عداد المفقودين، بحسب الحرس المدني. "
        "ويتواصل البحث بالكلاب والمصابيح، ويبقى طريق المرفأ مغلقاً إلا أمام سيارات الإسعاف. "
        "وطلب المستشفى على التلة التبرع بالدم، وقال إنّ {c} من الجرحى في عهدته. "
        "ولا يُعرف السبب بعد، ولم يجب صاحب الصومعة عن أي سؤال حتى الآن."),
    ),
    "es": (
        "Los equipos de rescate siguen buscando bajo el granero",
        ("Los equipos de rescate han sacado a {a} personas del granero derrumbado de Marsa Zaytun y otras {b} siguen desaparecidas, según la guardia civil. "
        "La búsqueda continúa con perros y lámparas, y la carretera del puerto sigue cerrada salvo para las ambulancias. "
        "El hospital de la colina pidió sangre y dijo que tiene a su cargo a {c} de los heridos. "
        "Se desconoce la causa y el dueño del granero no ha respondido por ahora a ninguna pregunta."),
    ),
}  # fmt: skip
MATCH = {
    "en": (
        "{home} beat {away} at home",
        ("{home} beat {away} by {a} to {b} on the ground by the river in front of {c} spectators. "
        "{scorer} scored the first goal before the break, and the guests found no answer after it. "
        "The next round of the league is played on the weekend, and tickets are sold at the gates as always."),
    ),
    "ar": (
        "{home} يفوز على {away} على أرضه",
        ("فاز فريق {home} على {away} بنتيجة {a} مقابل {b} على ملعب النهر أمام {c} متفرج. "
        "وسجّل {scorer} الهدف الأول قبل الاستراحة، ولم يجد الضيوف رداً عليه. "
        "وتُلعب الجولة المقبلة من الدوري نهاية الأسبوع، وتُباع التذاكر عند البوابات كالعادة."),
    ),
    "es": (
        "{home} vence a {away} en casa",
        ("{home} venció a {away} por {a} a {b} en el campo del río ante {c} espectadores. "
        "{scorer} marcó el primer gol antes del descanso y los visitantes no hallaron respuesta. "
        "La próxima jornada de la liga se juega el fin de semana y las entradas se venden en las puertas como siempre."),
    ),
}  # fmt: skip
TEAMS = {
    "en": ("Zaytun Rovers", "Nuwara United", "Sahl Athletic", "Harbour Town", "Dune City"),
    "ar": ("زيتون المرسى", "اتحاد نوارة", "نجمة السهل", "شباب المرفأ", "أهلي الكثبان"),
    "es": ("Deportivo Zaytun", "Unión Nuwara", "Atlético Sahl", "Real Puerto", "Racing Dunas"),
}
SCORERS = {
    "en": ("Idris Halloway", "Samir Penrose", "Tomas Achterberg"),
    "ar": ("إدريس الحلواني", "سمير البنّاء", "توما العشّي"),
    "es": ("Isidro Halcón", "Samuel Peñarrubia", "Tomás Achaval"),
}
SHOW = {
    "en": ("The evening bulletin of the channel", "Watch the evening bulletin of the channel in full."),
    "ar": ("النشرة المسائية للقناة", "شاهدوا النشرة المسائية للقناة كاملة على موقعنا."),
    "es": ("El boletín nocturno del canal", "Vea completo el boletín nocturno del canal en nuestra web."),
}
READ_ALSO = {"en": "Read also: {0}", "ar": "اقرأ أيضاً: {0}", "es": "Lea también: {0}"}
TENS = {
    "en": {20: "twenty", 30: "thirty", 40: "forty", 50: "fifty", 60: "sixty", 70: "seventy", 80: "eighty", 90: "ninety"},
    "ar": {20: "عشرون", 30: "ثلاثون", 40: "أربعون", 50: "خمسون", 60: "ستون", 70: "سبعون", 80: "ثمانون", 90: "تسعون"},
    "es": {20: "veinte", 30: "treinta", 40: "cuarenta", 50: "cincuenta", 60: "sesenta", 70: "setenta", 80: "ochenta", 90: "noventa"},
}  # fmt: skip
NAMES = {
    "en": (
        "lanterns", "cedar", "ledger", "orchard", "gravel", "ropes", "quarry", "violin", "saffron", "kettle", "marble", "ferry", "nets", "barley",
        "chapel", "wagons", "copper", "linen", "honey", "mirrors", "stables", "mill", "pepper", "anchors", "clocks", "tiles", "meadow", "tunnel",
        "slate", "beacon", "parchment", "looms", "granite", "vineyard", "sails", "causeway", "trumpets", "aqueduct", "almonds", "weir",
    ),
    "ar": (
        "الفوانيس", "الأرز", "الدفتر", "البستان", "الحصى", "الحبال", "المقلع", "الكمان", "الزعفران", "الغلّاية", "الرخام", "الزورق", "الشباك", "الشعير",
        "المصلّى", "العربات", "النحاس", "الكتّان", "العسل", "المرايا", "الإسطبل", "الطاحونة", "الفلفل", "المراسي", "الساعات", "البلاط", "المرج", "النفق",
        "الأردواز", "الشعلة", "الرقوق", "الأنوال", "الغرانيت", "الكروم", "الأشرعة", "المعبر", "الأبواق", "القناطر", "اللوز", "السدّ",
    ),
    "es": (
        "faroles", "cedro", "registro", "huerto", "grava", "sogas", "cantera", "violín", "azafrán", "tetera", "mármol", "barcaza", "redes", "cebada",
        "capilla", "carretas", "cobre", "lino", "miel", "espejos", "establos", "molino", "pimienta", "anclas", "relojes", "azulejos", "prado", "túnel",
        "pizarra", "baliza", "pergamino", "telares", "granito", "viñedo", "velas", "calzada", "trompetas", "acueducto", "almendras", "presa",
    ),
}  # fmt: skip
