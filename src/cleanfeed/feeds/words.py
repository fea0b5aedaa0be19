"""The few words on the pages for people, in the languages of the outlets."""

from __future__ import annotations

from dataclasses import dataclass


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

    def count(self, number: int) -> str:
        return self.entries[number != 1].format(number)

    def count_feeds(self, number: int) -> str:
        return self.feeds[number != 1].format(number)


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
    ),
}


def words_for(language: str) -> Words:
    """The words in a language, whatever its region; English where it is not spoken here."""
    return _WORDS.get(language.partition("-")[0].lower(), _ENGLISH)
