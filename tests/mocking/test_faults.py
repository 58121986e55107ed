"""Faults apply to the calls that they match, as often as they may, and in the same way on every run."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from mockregister.errors import NotFound
from mockregister.mocking.call import Call
from mockregister.mocking.faults import Fault, Faults, Match, Plan
from mockregister.mocking.outcomes import OBSERVED, Cut, Delay, Half, HttpStatus, NamedFault

REPORTING = "PatientHealthcareReportingService"
CALL = Call(
    REPORTING,
    authors=frozenset({"99000011000016003"}),
    cvr=frozenset({"99000023"}),
    sets=frozenset({"9fe67bda-917a-5785-b4a2-7285290537b1"}),
    patients=frozenset({"0101901234"}),
    headers={"x-test": "7"},
)


UNAVAILABLE, ANY = HttpStatus(503), Match()


def one_fault(action=UNAVAILABLE, match=ANY, **more):
    faults = Faults("default")
    faults.add(Fault(match, action, **more))
    return faults


def struck_calls(faults, calls=10, register="default"):
    return [number for number in range(1, calls + 1) if faults.choose(CALL, register).action is not None]


def test_without_faults_nothing_is_done():
    assert Faults("default").choose(CALL, "default") == Plan()


@pytest.mark.parametrize(
    "match",
    [
        Match(),
        Match(service=REPORTING),
        Match(cvr="99000023"),
        Match(author="99000011000016003"),
        Match(patient="010190-1234"),
        Match(set="9FE67BDA-917A-5785-B4A2-7285290537B1"),
        Match(header={"X-Test": "7"}),
    ],
)
def test_a_fault_strikes_a_matching_call(match):
    assert struck_calls(one_fault(match=match), 1) == [1]


@pytest.mark.parametrize(
    "match",
    [
        Match(service="PatientHealthcareValidateReportingService"),
        Match(cvr="99000031"),
        Match(author="1"),
        Match(patient="0101901235"),
        Match(set="9fe67bda"),
        Match(header={"X-Test": "8"}),
        Match(header={"X-Test": "7", "X-Other": "1"}),
        Match(service=REPORTING, patient="0101901235"),
    ],
)
def test_a_fault_does_not_strike_a_call_that_does_not_match(match):
    assert struck_calls(one_fault(match=match), 1) == []


def test_times_limits_how_often_a_fault_strikes():
    assert struck_calls(one_fault(times=2)) == [1, 2]


def test_nth_is_counted_among_the_calls_that_match():
    faults = one_fault(match=Match(service=REPORTING, nth=3))
    faults.choose(Call("PatientHealthcareValidateReportingService"), "default")
    assert struck_calls(faults) == [3]


def test_nth_also_counts_calls_that_another_fault_struck():
    faults = Faults("default")
    for nth in (1, 2, 3):
        faults.add(Fault(Match(nth=nth), HttpStatus(500 + nth)))
    assert [faults.choose(CALL, "default").action for _ in range(3)] == [HttpStatus(501), HttpStatus(502), HttpStatus(503)]


def test_a_seed_selects_the_same_calls_on_every_run():
    runs = [struck_calls(one_fault(probability=0.3, seed=7), 100) for _ in range(2)]
    assert runs[0] == runs[1]
    assert 0 < len(runs[0]) < 100
    assert runs[0] != struck_calls(one_fault(probability=0.3, seed=8), 100)


def test_the_number_of_struck_calls_is_the_same_with_many_threads():
    alone = one_fault(probability=0.4, seed=3)
    together = one_fault(probability=0.4, seed=3)
    expected = len(struck_calls(alone, 200))
    with ThreadPoolExecutor(8) as pool:
        plans = list(pool.map(lambda _: together.choose(CALL, "default"), range(200)))
    assert sum(plan.action is not None for plan in plans) == expected
    assert together.all()[0].calls == 200


def test_probability_zero_never_strikes():
    assert struck_calls(one_fault(probability=0.0), 50) == []


def test_faults_that_may_strike_once_make_a_sequence():
    faults = Faults("default")
    for action in (HttpStatus(503), Cut(), NamedFault("batch")):
        faults.add(Fault(Match(), action, times=1))
    assert [faults.choose(CALL, "default").action for _ in range(4)] == [HttpStatus(503), Cut(), NamedFault("batch"), None]


def test_delays_add_up_before_the_first_answer():
    faults = one_fault(Delay(1, 1))
    faults.add(Fault(Match(), Delay(2, 2)))
    faults.add(Fault(Match(), Half(0.5)))
    faults.add(Fault(Match(), Cut()))
    assert faults.choose(CALL, "default") == Plan(3, Half(0.5), ("1", "2", "3"))


def test_a_range_of_delays_is_drawn_from_the_seed():
    first, second = (one_fault(Delay(1, 2), seed=5).choose(CALL, "default").delay for _ in range(2))
    assert first == second
    assert 1 <= first <= 2


@pytest.mark.parametrize(("register", "struck"), [("team-a", [1]), ("team-b", []), ("default", [])])
def test_a_fault_of_the_default_register_can_name_another_register(register, struck):
    assert struck_calls(one_fault(match=Match(register="team-a")), 1, register) == struck


def test_a_star_means_any_register():
    assert struck_calls(one_fault(match=Match(register="*")), 1, "whatever") == [1]


def test_a_removed_fault_does_not_strike():
    faults = one_fault()
    faults.remove(faults.all()[0].id)
    assert struck_calls(faults) == []
    with pytest.raises(NotFound, match="no fault '1'"):
        faults.remove("1")


def test_ids_are_not_used_twice():
    faults = one_fault()
    faults.clear()
    assert faults.add(Fault(Match(), Cut())).id == "2"


def test_the_observed_faults_have_the_texts_of_the_real_register():
    assert OBSERVED["no_signature"].reason == "Validation Failed (1): Unable to find signature."
    assert OBSERVED["not_a_data_producer"].code11 == "Client"
    assert OBSERVED["id_card_expired"].medcom_code == "processing_problem"
    assert OBSERVED["number_format"].reason == 'java.lang.NumberFormatException: For input string: ""'
    assert OBSERVED["custodian_id"].reason.endswith("server log and database: Error parsing custodian id (CVR number) as integer")
