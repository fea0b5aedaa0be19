"""How often hosts are asked: delays, turns, pauses that last over builds, and an end to asking in vain."""

from __future__ import annotations

import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import httpx2
import pytest

from cleanfeed.errors import FetchError
from cleanfeed.fetch.hosts import Host, Hosts, HostState, origin_of
from cleanfeed.fetch.pacing import Budget, Gate, Stopped, backoff, pause_for, retry_after
from fetchparts import HARBOUR, Asked, Clock, Site, Told, ask, at_once, fetcher, gaps, keeps, site, tidy_web

if TYPE_CHECKING:
    from cleanfeed.fetch.client import Fetcher

__all__ = ["site", "tidy_web"]

NOW = datetime(2026, 9, 30, 8, tzinfo=UTC)
DAY = timedelta(days=1)


# --- what a host asks for


@pytest.mark.parametrize(
    "value, expected",
    [
        ("120", timedelta(seconds=120)),
        (" 120 ", timedelta(seconds=120)),
        ("007", timedelta(seconds=7)),
        ("86400", DAY),
        ("1000000000", DAY),
        ("9" * 6000, DAY),
        ("Wed, 30 Sep 2026 08:05:00 GMT", timedelta(minutes=5)),
        ("Wed, 30 Sep 2026 10:05:00 +0200", timedelta(minutes=5)),
        ("Wednesday, 30-Sep-26 08:05:00 GMT", timedelta(minutes=5)),
        ("Wed Sep 30 08:05:00 2026", timedelta(minutes=5)),
        ("Fri, 31 Dec 9999 23:59:59 GMT", DAY),
        ("Wed, 30 Sep 2026 07:00:00 GMT", None),
        ("0", None),
        ("-1", None),
        ("1.5", None),
        ("soon", None),
        ("Wed, 99 Sep 2026 08:05:00 GMT", None),
        ("٣٠", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after_is_read(value: str | None, expected: timedelta | None) -> None:
    assert retry_after(value, NOW) == expected


@pytest.mark.parametrize(
    "strikes, minutes", [(0, 10), (1, 10), (2, 20), (3, 40), (4, 80), (8, 1280), (9, 1440), (500, 1440)]
)
def test_a_pause_of_no_given_length_doubles_with_each_strike_up_to_a_day(strikes: int, minutes: int) -> None:
    assert pause_for("soon", strikes, NOW) == timedelta(minutes=minutes)
    assert pause_for("30", strikes, NOW) == timedelta(seconds=30)


def test_repeats_wait_longer_each_time_and_never_alike() -> None:
    waits = [[backoff(number) for _ in range(200)] for number in range(4)]
    assert all(0.2 <= wait <= 2.0 for each in waits for wait in each)
    assert max(waits[0]) <= 0.6 < max(waits[2])
    assert len({round(wait, 6) for wait in waits[1]}) > 100


def test_repeats_are_a_fifth_of_all_requests_and_always_a_few() -> None:
    budget = Budget()
    budget.count(10)
    assert [budget.take() for _ in range(8)] == [True] * 6 + [False] * 2
    budget.count(90)
    assert sum(budget.take() for _ in range(50)) == 14


# --- turns


def test_a_gate_lets_few_in_at_once() -> None:
    gate, inside, most = Gate(threading.Event()), [0], [0]
    lock = threading.Lock()

    def visit(_number: int) -> None:
        with gate.slot(delay=0, at_once=lambda: 2) as sent:
            sent()
            with lock:
                inside[0] += 1
                most[0] = max(most[0], inside[0])
            time.sleep(0.005)
            with lock:
                inside[0] -= 1

    with ThreadPoolExecutor(12) as pool:
        list(pool.map(visit, range(40)))
    assert most[0] == 2
    assert inside[0] == 0


def test_whoever_waits_for_a_gate_is_let_go_when_the_build_is_stopped() -> None:
    stopped = threading.Event()
    gate = Gate(stopped)
    with gate.slot(delay=3600, at_once=lambda: 2):
        pass
    ends: list[float] = []

    def wait() -> None:
        with suppress(Stopped), gate.slot(delay=3600, at_once=lambda: 2):
            pytest.fail("nobody is let in before the hour is over")
        ends.append(time.monotonic())

    threads = [threading.Thread(target=wait) for _ in range(4)]
    for thread in threads:
        thread.start()
    time.sleep(0.05)
    begun = time.monotonic()
    stopped.set()
    gate.wake()
    for thread in threads:
        thread.join(2)
    assert len(ends) == 4
    assert max(ends) - begun < 2


def test_the_delay_lies_between_the_beginnings_of_requests_as_the_server_sees_them(site: Site) -> None:
    web = fetcher(site, delay=0.08)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(web.get, [ask(f"/{number}") for number in range(6)]))
    assert len(site.asked) == 7  # robots.txt as well
    assert keeps(0.08, site.asked)
    assert sum(gaps(site.asked)) < 2


def test_the_time_that_a_connection_takes_does_not_shorten_the_delay(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    look_up, slow = socket.getaddrinfo, [0.3]

    def looked_up(*args: Any, **named: Any) -> Any:
        time.sleep(slow.pop() if slow else 0)
        return look_up(*args, **named)

    monkeypatch.setattr(socket, "getaddrinfo", looked_up)
    web = fetcher(site, delay=0.2)
    web.get(ask("/"))
    assert keeps(0.2, site.asked)


def test_without_a_delay_there_is_no_waiting(site: Site) -> None:
    web = fetcher(site, delay=0.0)
    begun = time.monotonic()
    for number in range(20):
        web.get(ask(f"/{number}"))
    assert time.monotonic() - begun < 5  # of twenty that a delay of a second would take


def test_two_requests_at_a_time_go_to_a_host_and_no_more(site: Site) -> None:
    site.otherwise = Told(after=0.05)
    web = fetcher(site)
    with ThreadPoolExecutor(10) as pool:
        list(pool.map(web.get, [ask(f"/{number}") for number in range(12)]))
    assert at_once(site.pages()) == 2


def test_the_same_site_under_another_name_waits_in_the_same_queue(site: Site) -> None:
    site.otherwise = Told(after=0.05)
    web = fetcher(
        {HARBOUR: site.base, "http://harbour.example": site.base, "https://m.harbour.example": site.base}
    )
    urls = [
        f"{origin}/{n}"
        for n in range(3)
        for origin in (HARBOUR, "http://harbour.example", "https://m.harbour.example")
    ]
    with ThreadPoolExecutor(9) as pool:
        list(pool.map(web.get, map(ask, urls)))
    assert at_once(site.asked) == 2


def test_sixteen_slow_hosts_are_busy_at_once() -> None:
    sites = [Site() for _ in range(16)]
    for each in sites:
        each.otherwise = Told(after=0.2)
    origins = [f"https://paper{number}.example" for number in range(16)]
    web = fetcher({origin: each.base for origin, each in zip(origins, sites, strict=True)})
    begun = time.monotonic()
    with ThreadPoolExecutor(32) as pool:
        list(pool.map(web.get, [ask(f"{origin}/{page}") for page in range(4) for origin in origins]))
    took = time.monotonic() - begun
    everything = [asked for each in sites for asked in each.pages()]
    assert len(everything) == 64
    assert at_once(everything) >= 24
    # One after the other would be 12.8 seconds; two at a time for each host is 0.4.
    assert took < 2.5


def test_a_client_without_manners_is_seen_by_these_measures(site: Site) -> None:
    site.otherwise = Told(after=0.05)
    with httpx2.Client() as client, ThreadPoolExecutor(8) as pool:
        list(pool.map(client.get, [f"{site.base}/{number}" for number in range(8)]))
    assert at_once(site.asked) > 2
    assert not keeps(0.08, site.asked)


# --- pauses


def state_of(web: Fetcher) -> HostState:
    (state,) = web.states()
    return state


@pytest.mark.parametrize(
    "status, headers, expected",
    [
        (429, {"Retry-After": "120"}, timedelta(minutes=2)),
        (429, {}, timedelta(minutes=10)),
        (429, {"Retry-After": "1000000000"}, DAY),
        (429, {"Retry-After": "-1"}, timedelta(minutes=10)),
        (429, {"Retry-After": "Wed, 30 Sep 2026 09:00:00 GMT"}, timedelta(hours=1)),
        (503, {"Retry-After": "60"}, timedelta(minutes=1)),
        (503, {}, timedelta(minutes=10)),
        (503, {"Retry-After": "garbage"}, timedelta(minutes=10)),
    ],
)
def test_a_host_that_has_had_enough_is_left_alone(
    site: Site, status: int, headers: dict[str, str], expected: timedelta
) -> None:
    clock = Clock()
    site.otherwise = Told(status=status, headers=headers)
    web = fetcher(site, now=clock)
    with pytest.raises(FetchError) as first:
        web.get(ask("/a"))
    assert (first.value.kind, first.value.status) == ("paused", status)
    # Only a 503 that names no time may be over in a second.
    assert len(site.pages()) == (3 if status == 503 and not headers else 1)
    state = state_of(web)
    assert (state.paused_until, state.strikes) == (clock.time + expected, 1)
    before = len(site.asked)
    with pytest.raises(FetchError, match="left alone until 2026-") as second:
        web.get(ask("/b"))
    assert second.value.kind == "paused"
    assert len(site.asked) == before


def test_other_hosts_are_not_paused_with_it(site: Site) -> None:
    other = Site()
    site.otherwise = Told(status=429)
    web = fetcher({HARBOUR: site.base, "https://other.example": other.base})
    with pytest.raises(FetchError):
        web.get(ask("/"))
    assert web.get(ask("https://other.example/")).status == 200


def test_retry_after_on_a_redirect_or_on_success_pauses_nobody(site: Site) -> None:
    site.answers["/moved"] = Told(status=301, headers={"Location": "/", "Retry-After": "3600"})
    site.answers["/"] = Told(headers={"Retry-After": "3600"})
    web = fetcher(site)
    assert web.get(ask("/moved")).status == 200
    assert state_of(web).paused_until is None


def test_a_pause_lasts_into_the_next_builds_and_its_end_lets_one_request_through(site: Site) -> None:
    clock = Clock()
    site.otherwise = Told(status=429)
    first = fetcher(site, now=clock)
    with pytest.raises(FetchError):
        first.get(ask("/"))

    clock.move(minutes=9)
    second = fetcher(site, states=first.states(), now=clock)
    before = len(site.asked)
    with pytest.raises(FetchError) as error:
        second.get(ask("/"))
    assert error.value.kind == "paused"
    assert len(site.asked) == before

    clock.move(minutes=2)
    third = fetcher(site, states=second.states(), now=clock)
    site.otherwise = Told(status=429, after=0.1)
    with ThreadPoolExecutor(8) as pool:
        errors = [future.exception() for future in [pool.submit(third.get, ask(f"/{n}")) for n in range(8)]]
    assert [getattr(error, "kind", "") for error in errors] == ["paused"] * 8
    assert len(site.asked) == before + 1
    state = state_of(third)
    assert (state.strikes, state.paused_until) == (2, clock.time + timedelta(minutes=20))

    clock.move(minutes=21)
    fourth = fetcher(site, states=third.states(), now=clock)
    site.otherwise = Told()
    assert fourth.get(ask("/")).status == 200
    state = state_of(fourth)
    assert (state.strikes, state.paused_until, state.pause_reason) == (0, None, "")


def test_strikes_count_builds_and_not_requests(site: Site) -> None:
    clock = Clock()
    site.otherwise = Told(status=429, headers={"Retry-After": "1"})
    web = fetcher(site, now=clock)
    for number in range(5):
        with pytest.raises(FetchError):
            web.get(ask(f"/{number}"))
        clock.move(seconds=2)
    assert len(site.pages()) == 5
    assert state_of(web).strikes == 1


def test_an_answer_that_was_under_way_does_not_end_a_pause() -> None:
    host = Host("harbour.example", threading.Event())
    host.pause(HARBOUR, "it answered 429", None, NOW)
    host.worked(1, NOW)
    with pytest.raises(FetchError, match="08:10 UTC"):
        host.check(NOW)


def test_a_pause_from_a_clock_that_was_wrong_ends_within_a_day() -> None:
    far = HostState(host=HARBOUR, paused_until=NOW + timedelta(days=4000), strikes=1)
    hosts = Hosts([far], threading.Event(), NOW)
    assert hosts.states()[0].paused_until == NOW + DAY


def test_a_later_shorter_pause_does_not_end_a_longer_one() -> None:
    host = Host("harbour.example", threading.Event())
    host.pause(HARBOUR, "it answered 429", "3600", NOW)
    host.pause(HARBOUR, "it answered 429", "1", NOW)
    assert host.states()[0].paused_until == NOW + timedelta(hours=1)


# --- hosts that keep failing


BLOCKING = "harbour.example keeps blocking us; left alone in this build"


@pytest.mark.parametrize(
    "told, most",
    [
        (Told(status=500), 20),
        (Told(status=404), 21),
        (Told(status=403), 21),
        (Told(status=418), 21),
        (Told(body=b""), 20),
        (Told(status=302, headers={"Location": "/robots.txt?again"}), 50),
        (Told(raw=b"nonsense\r\n\r\n"), 20),
        (Told(raw=b""), 20),
        (Told(raw=b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"), 20),
    ],
    ids=["500", "404", "403", "418", "empty", "redirect", "nonsense", "closed", "cut"],
)
def test_a_host_that_keeps_failing_is_left_alone(site: Site, told: Told, most: int) -> None:
    site.otherwise = told
    site.answers["/robots.txt?again"] = Told(status=404)
    web = fetcher(site)
    errors = []
    for number in range(100):
        with pytest.raises(FetchError) as error:
            web.get(ask(f"/{number}"))
        errors.append(error.value)
    assert len(site.asked) <= most
    blocks = told.status == 403  # forbidden
    assert errors[-1].kind == ("blocked" if blocks else "failed")
    failing = "harbour.example keeps failing; left alone in this build"
    assert errors[-1].reason == (BLOCKING if blocks else failing)
    assert web.requests[HARBOUR] == len(site.asked)


@pytest.mark.parametrize("bad", [6, 7, 8, 9])
def test_no_host_that_mostly_fails_gets_more_than_sixty_requests(site: Site, bad: int) -> None:
    def some(asked: Asked) -> Told:
        return Told(status=404 if int(asked.path[1:]) * 7 % 10 < bad else 200)

    site.answers = {f"/{number}": some for number in range(300)}
    web = fetcher(site)
    for number in range(300):
        with suppress(FetchError):
            web.get(ask(f"/{number}"))
    assert 20 <= len(site.asked) <= 60


CHALLENGE = Told(status=503, headers={"cf-mitigated": "challenge"}, body=b"<title>Just a moment...</title>")


@pytest.mark.parametrize(
    "told", [Told(status=401), Told(status=451), CHALLENGE], ids=["401", "451", "a check"]
)
def test_a_host_that_blocks_us_does_so_to_the_end_of_the_build(site: Site, told: Told) -> None:
    web = fetcher(site)
    web.get(ask("/"))
    site.otherwise = told
    kinds = []
    for number in range(50):
        with pytest.raises(FetchError) as error:
            web.get(ask(f"/{number}"))
        kinds.append(error.value.kind)
    assert kinds == ["blocked"] * 50
    assert len(site.pages()) <= 21
    assert error.value.reason == BLOCKING


def test_a_host_that_fails_and_at_times_blocks_us_is_one_that_fails(site: Site) -> None:
    site.answers = {f"/{number}": Told(status=403 if number % 3 == 0 else 404) for number in range(50)}
    web = fetcher(site)
    for number in range(50):
        with pytest.raises(FetchError) as error:
            web.get(ask(f"/{number}"))
    assert error.value.kind == "failed"


@pytest.mark.parametrize("told", [Told(status=500), Told(raw=b"")], ids=["500", "closed"])
def test_a_host_whose_every_second_answer_fails_gets_no_more_than_sixty_requests(
    site: Site, told: Told
) -> None:
    answers = iter([told, Told()] * 200)
    site.answers = {f"/{number}": lambda _asked: next(answers) for number in range(200)}
    web = fetcher(site)
    had = 0
    for number in range(200):
        with suppress(FetchError):
            had += web.get(ask(f"/{number}")).status == 200
    assert 20 <= had <= 30
    assert len(site.asked) <= 61  # with that for robots.txt


def test_pages_without_an_end_are_no_failures(site: Site) -> None:
    endless = Told(raw=b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html><body><p>Seven cranes.")
    site.otherwise = endless
    web = fetcher(site)
    assert {web.get(ask(f"/{number}")).status for number in range(100)} == {200}


def test_a_host_that_mostly_answers_is_not_given_up(site: Site) -> None:
    def some(asked: Asked) -> Told:
        return Told(status=404 if int(asked.path[1:]) % 3 == 0 else 200)

    site.answers = {f"/{number}": some for number in range(200)}
    web = fetcher(site)
    had = 0
    for number in range(200):
        with suppress(FetchError):
            had += web.get(ask(f"/{number}")).status == 200
    assert had == 133


def test_a_host_that_is_down_is_asked_for_its_robots_txt_and_no_more(site: Site) -> None:
    base = site.base
    site.close()
    web = fetcher({HARBOUR: base})
    for _ in range(30):
        with pytest.raises(FetchError) as error:
            web.get(ask("/"))
        assert error.value.kind == "failed"
    assert (
        error.value.reason == "robots.txt of www.harbour.example could not be had: the connection was refused"
    )
    assert web.requests[HARBOUR] == 3


# --- names


@pytest.mark.parametrize(
    "url, expected",
    [
        ("https://www.harbour.example/a?b", "https://www.harbour.example"),
        ("https://WWW.Harbour.Example:443/", "https://www.harbour.example"),
        ("http://harbour.example:80", "http://harbour.example"),
        ("https://harbour.example:8443/", "https://harbour.example:8443"),
        ("https://harbour.example./", "https://harbour.example"),
        ("http://[2001:db8::1]:8080/", "http://[2001:db8::1]:8080"),
        ("https://user@harbour.example/", None),
        ("ftp://harbour.example/", None),
        ("file:///etc/passwd", None),
        ("http://[::1", None),
        ("http://harbour.example:99999999/", None),
        ("/path", None),
        ("", None),
    ],
)
def test_an_origin_is_scheme_name_and_port(url: str, expected: str | None) -> None:
    assert origin_of(url) == expected
