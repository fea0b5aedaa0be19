"""The few words on the pages for people, in the languages of the outlets."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What a page says besides what its feeds say."""

    skip: str
    updated: str
    subscribe: str
    all: str
    none: str
    no_feeds: str
    opml: str
    health: str
    times: str
    read_on: str
    also_in: str
    entries: tuple[str, str]
    """For one, and for any other number."""
    feeds: tuple[str, str]
    comma: str = ","
    search: str
    search_feeds: str
    hits: str
    """With places for how many are shown, and of how many."""
    no_hits: str
    clear: str
    filters: Mapping[str, tuple[str, str]]
    """By what is chosen: its name, and "all of them"."""
    kinds: Mapping[str, str]
    read_here: str
    minutes: str
    copy: str
    copied: str
    not_copied: str
    outlets: str
    states: Mapping[str, str]
    """How outlets fare, by what `cleanfeed health` calls it."""
    keys: str
    shortcuts: tuple[tuple[str, str], ...]

    def count(self, number: int) -> str:
        return self.entries[number != 1].format(number)

    def count_feeds(self, number: int) -> str:
        return self.feeds[number != 1].format(number)


_STATES = ("fine", "degraded", "blocked", "unreachable", "silent", "stale", "no data")
_KINDS = ("article", "video", "gallery", "audio", "opinion")
_KEYS = ("/", "j", "k", "o", "Esc")
_FILTERS = ("outlet", "language", "section", "kind")


def _named(names: tuple[str, ...], *words: str) -> Mapping[str, str]:
    return MappingProxyType(dict(zip(names, words, strict=True)))


def _filters(*words: tuple[str, str]) -> Mapping[str, tuple[str, str]]:
    return MappingProxyType(dict(zip(_FILTERS, words, strict=True)))


_ENGLISH = Words(
    skip="Skip to the entries",
    updated="Updated",
    subscribe="Subscribe",
    all="All feeds",
    none="No entries yet.",
    no_feeds="No feeds yet.",
    opml="All feeds as one OPML file",
    health="The outlets' health",
    times="All times are UTC.",
    read_on="Continue reading",
    also_in="Also in",
    entries=("{} entry", "{} entries"),
    feeds=("{} feed", "{} feeds"),
    search="Search these entries",
    search_feeds="Search topics and headlines",
    hits="{0} of {1} shown",
    no_hits="Nothing found",
    clear="Clear",
    filters=_filters(
        ("Outlet", "All outlets"),
        ("Language", "All languages"),
        ("Section", "All sections"),
        ("Kind", "All kinds"),
    ),
    kinds=_named(_KINDS, "Article", "Video", "Gallery", "Audio", "Opinion"),
    read_here="Read here",
    minutes="{} min",
    copy="Copy address",
    copied="Copied",
    not_copied="Selected, to be copied by you",
    outlets="Outlets",
    states=_named(_STATES, *_STATES),
    keys="Keys",
    shortcuts=tuple(zip(_KEYS, ("search", "next", "previous", "read here", "clear"), strict=True)),
)
_WORDS = {
    "ar": Words(
        skip="انتقل إلى المقالات",
        updated="آخر تحديث",
        subscribe="اشترك",
        all="كل الخلاصات",
        none="لا مقالات بعد.",
        no_feeds="لا خلاصات بعد.",
        opml="كل الخلاصات في ملف OPML واحد",
        health="حال المصادر",
        times="كل الأوقات بالتوقيت العالمي المنسق.",
        read_on="تابع القراءة",
        also_in="أيضاً في",
        entries=("عدد المقالات: {}", "عدد المقالات: {}"),
        feeds=("عدد الخلاصات: {}", "عدد الخلاصات: {}"),
        comma="،",
        search="ابحث في هذه المقالات",
        search_feeds="ابحث في المواضيع والعناوين",
        hits="المعروض: {0} من {1}",
        no_hits="لا نتائج",
        clear="مسح",
        filters=_filters(
            ("المصدر", "كل المصادر"),
            ("اللغة", "كل اللغات"),
            ("القسم", "كل الأقسام"),
            ("النوع", "كل الأنواع"),
        ),
        kinds=_named(_KINDS, "مقال", "فيديو", "صور", "صوت", "رأي"),
        read_here="اقرأ هنا",
        minutes="{} د",
        copy="انسخ العنوان",
        copied="نُسخ",
        not_copied="حُدِّد العنوان لتنسخه",
        outlets="المصادر",
        states=_named(
            _STATES, "سليم", "متراجع", "محجوب", "لا يمكن بلوغه", "صامت", "لا جديد منه", "لا بيانات"
        ),
        keys="المفاتيح",
        shortcuts=tuple(zip(_KEYS, ("بحث", "التالي", "السابق", "اقرأ هنا", "مسح"), strict=True)),
    ),
    "es": Words(
        skip="Ir a las entradas",
        updated="Actualizado",
        subscribe="Suscribirse",
        all="Todas las fuentes",
        none="Todavía no hay entradas.",
        no_feeds="Todavía no hay fuentes.",
        opml="Todas las fuentes en un archivo OPML",
        health="El estado de los medios",
        times="Todas las horas son UTC.",
        read_on="Seguir leyendo",
        also_in="También en",
        entries=("{} entrada", "{} entradas"),
        feeds=("{} fuente", "{} fuentes"),
        search="Buscar en estas entradas",
        search_feeds="Buscar temas y titulares",
        hits="{0} de {1} a la vista",
        no_hits="Nada encontrado",
        clear="Borrar",
        filters=_filters(
            ("Medio", "Todos los medios"),
            ("Idioma", "Todos los idiomas"),
            ("Sección", "Todas las secciones"),
            ("Tipo", "Todos los tipos"),
        ),
        kinds=_named(_KINDS, "Artículo", "Vídeo", "Galería", "Audio", "Opinión"),
        read_here="Leer aquí",
        minutes="{} min",
        copy="Copiar dirección",
        copied="Copiada",
        not_copied="Seleccionada, para que la copies",
        outlets="Medios",
        states=_named(
            _STATES, "bien", "degradado", "bloqueado", "inaccesible", "callado", "sin novedad", "sin datos"
        ),
        keys="Teclas",
        shortcuts=tuple(zip(_KEYS, ("buscar", "siguiente", "anterior", "leer aquí", "borrar"), strict=True)),
    ),
    "fr": Words(
        skip="Aller aux articles",
        updated="Mis à jour",
        subscribe="S’abonner",
        all="Tous les flux",
        none="Pas encore d’articles.",
        no_feeds="Pas encore de flux.",
        opml="Tous les flux dans un fichier OPML",
        health="L’état des médias",
        times="Toutes les heures sont en UTC.",
        read_on="Lire la suite",
        also_in="Aussi dans",
        entries=("{} article", "{} articles"),
        feeds=("{} flux", "{} flux"),
        search="Chercher dans ces articles",
        search_feeds="Chercher dans les sujets et les titres",
        hits="{0} sur {1} affichés",
        no_hits="Rien trouvé",
        clear="Effacer",
        filters=_filters(
            ("Média", "Tous les médias"),
            ("Langue", "Toutes les langues"),
            ("Rubrique", "Toutes les rubriques"),
            ("Type", "Tous les types"),
        ),
        kinds=_named(_KINDS, "Article", "Vidéo", "Galerie", "Audio", "Opinion"),
        read_here="Lire ici",
        minutes="{} min",
        copy="Copier l’adresse",
        copied="Copiée",
        not_copied="Sélectionnée, à copier vous-même",
        outlets="Médias",
        states=_named(
            _STATES, "bien", "dégradé", "bloqué", "injoignable", "muet", "sans nouveauté", "sans données"
        ),
        keys="Touches",
        shortcuts=tuple(zip(_KEYS, ("chercher", "suivant", "précédent", "lire ici", "effacer"), strict=True)),
    ),
}  # fmt: skip

LANGUAGES: Mapping[str, str] = MappingProxyType(
    {
        "ar": "العربية", "de": "Deutsch", "en": "English", "es": "Español", "fa": "فارسی", "fr": "Français",
        "he": "עברית", "hi": "हिन्दी", "it": "Italiano", "ja": "日本語", "ku": "Kurdî", "nl": "Nederlands",
        "pt": "Português", "ru": "Русский", "sw": "Kiswahili", "tr": "Türkçe", "uk": "Українська",
        "ur": "اردو", "zh": "中文",
    }
)  # fmt: skip
"""What languages call themselves."""


def words_for(language: str) -> Words:
    """The words in a language, whatever its region; English where it is not spoken here."""
    return _WORDS.get(language.partition("-")[0].lower(), _ENGLISH)
