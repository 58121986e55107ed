"""Gather the facts that rules look at from the register's tree of an episode of care, in one walk."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TypeVar

from mockregister import model
from mockregister.codes import cpr
from mockregister.codes.lists import Membership
from mockregister.codes.tables import CodeTables
from mockregister.model import CPR, Identifier, Period
from mockregister.validation.rules.facts import (
    AnyCondition,
    Coded,
    Encounter,
    Episode,
    Fact,
    Link,
    MainCondition,
    Marker,
    MinorCondition,
    Patient,
    Payment,
    Procedure,
    Referral,
    Report,
    Residence,
    Result,
    Session,
    Stay,
    Unit,
)

Kind = TypeVar("Kind", bound=Fact)


class EpisodeFacts:
    """The walk over one tree: ``facts`` are all that a rule can look at, owners before what they own.

    The walk over a linked episode's tree keeps its facts out of the session.
    """

    def __init__(
        self, tree: model.EpisodeTree, tables: CodeTables, now: datetime, linked_from: EpisodeFacts | None = None
    ) -> None:
        self.tables, self.sks, self.sor = tables, tables.sks, tables.sor
        self.lists: dict[str, Membership | None] = {}
        self.session: Session = linked_from.session if linked_from else Session(now, tree.received)
        self.facts: list[Fact] = [] if linked_from else self.session.facts
        self.times: list[datetime] = []
        self.known: dict[model.EpisodeTree, Episode] = linked_from.known if linked_from else {}
        self.patient = self._patient(tree.patient)
        self.episode = self._episode(tree, now)
        if not linked_from:
            self.session.patient, self.session.episode = self.patient, self.episode
        self.markers = {id(marker): self._marker(marker) for marker in tree.entry.markers}
        for encounter in tree.encounters:
            self._encounter(encounter)
        for procedure in tree.procedures:
            self._procedure(procedure, None)
        for organizer in tree.organizers:
            self._report_of_episode(organizer)
        self.episode.latest_time = max(self.times, default=None)

    def _add(self, fact: Kind, source: object, *times: datetime | None) -> Kind:
        """Add and return the fact that ``source`` states; the report must not be dated before any of ``times`` (rule 00.01)."""
        fact.session, fact.source = self.session, source
        self.facts.append(fact)
        self.times.extend(filter(None, times))
        return fact

    def _patient(self, entry: model.Patient) -> Patient:
        ids = [*([Identifier(CPR, entry.cpr)] if entry.cpr else []), *entry.alternative_ids]
        born = cpr.birth_date(entry.cpr) or (entry.birth_time and entry.birth_time.date())  # the CPR number goes first
        patient = self._add(Patient(None, next(iter(ids), None), born, frozenset(each.key for each in ids)), entry)
        for residence in entry.residences:
            codes = residence.country or None, residence.municipality or None
            self._add(Residence(patient, None, *codes, residence.start, residence.end), residence, residence.start, residence.end)
        return patient

    def _episode(self, tree: model.EpisodeTree, now: datetime) -> Episode:
        entry, period = tree.entry, Period(tree.entry.start, tree.entry.end)
        episode = self.known[tree] = Episode(
            self.patient,
            entry.id,
            patient=self.patient,
            start=entry.start,
            end=entry.end,
            reported=tree.reported,
            now=now,
            unit=self._unit(entry.responsible_unit),
            label=self._code(entry.label, period),
            completion=self._code(entry.completion, period),
            period=period,
        )
        self._add(episode, entry, *period)
        episode.link = self._link(entry.link, tree.linked, episode) if entry.link else None
        episode.referral = self._referral(entry.referral, episode) if entry.referral else None
        return episode

    def _link(self, entry: model.EpisodeLink, linked: model.EpisodeTree | None, episode: Episode) -> Link:
        """Return the link of an episode, with what the register knows of the other end, which is not part of the session."""
        code = self._coded(entry.code.code, episode.period)
        if linked is None:
            return Link(code, None, same_patient=False)
        if linked not in self.known:
            EpisodeFacts(linked, self.tables, episode.now, self)
        other = self.known[linked]
        return Link(code, other, self.patient.is_same(other.patient))

    def _marker(self, entry: model.Marker) -> Marker:
        code = self._coded(entry.code.code, Period(entry.time, entry.time).or_else(self.episode.period))
        marker = self._add(Marker(self.episode, entry.id, self.episode, code, entry.time), entry, entry.time)
        self.episode.markers.append(marker)
        return marker

    def _referral(self, entry: model.Referral, owner: Episode | Encounter) -> Referral:
        moment, reason = Period(entry.time, entry.time).or_else(owner.period), entry.reason
        referral = Referral(
            owner,
            None,
            patient=self.patient,
            episode=owner if isinstance(owner, Episode) else None,
            encounter=owner if isinstance(owner, Encounter) else None,
            time=entry.time,
            origin=self._code(entry.origin, moment),
            free_choice=self._code(entry.free_choice, moment),
            reason=self._coded(reason.code.code, moment, reason.supplementary) if reason else None,
        )
        return self._add(referral, entry, entry.time)

    def _encounter(self, node: model.EncounterNode) -> None:
        entry, period = node.entry, Period(node.entry.start, node.entry.end)
        encounter = Encounter(
            self.episode,
            entry.id,
            episode=self.episode,
            start=entry.start,
            end=entry.end,
            treatment_start=entry.treatment_start,
            unit=self._unit(entry.responsible_unit),
            type=self._code(entry.type, period),
            priority=self._code(entry.priority, period),
            reason=self._code(entry.reason, period),
            period=period,
        )
        self._add(encounter, entry, *period, entry.treatment_start)
        encounter.referral = self._referral(entry.referral, encounter) if entry.referral else None
        encounter.stays = [self._stay(stay, encounter) for stay in entry.stays]
        encounter.payments = [self._payment(payment, encounter, encounter) for payment in entry.payments]
        for condition in node.conditions:
            self._condition(condition, encounter)
        for procedure in node.procedures:
            self._procedure(procedure, encounter)
        for organizer in node.organizers:
            encounter.reports.append(self._report(organizer, period, encounter))

    def _stay(self, entry: model.Stay, encounter: Encounter) -> Stay:
        absence = self._code(entry.absence, Period(entry.start, entry.end).or_else(encounter.period))
        return self._add(Stay(encounter, None, encounter, entry.start, entry.end, self._unit(entry.unit), absence), entry)

    def _payment(self, entry: model.Payment, owner: Encounter | Procedure, encounter: Encounter | None) -> Payment:
        period = Period(entry.start, entry.end).or_else(owner.period)
        payment = Payment(
            owner,
            None,
            encounter=encounter,
            start=entry.start,
            end=entry.end,
            agreement=self._code(entry.agreement, period),
            payer=self._code(entry.payer, period),
            specialisation=self._code(entry.specialisation, period),
        )
        return self._add(payment, entry, entry.start, entry.end)

    def _condition(self, node: model.ConditionNode, encounter: Encounter) -> None:
        entry, period = node.entry, encounter.period
        condition = (MainCondition if entry.main else MinorCondition)(
            encounter,
            entry.id,
            encounter=encounter,
            code=self._coded(entry.code.code, period, entry.supplementary),
            kind=self._code(entry.kind, period),
            side=self._code(entry.side, period),
            metastases=self._codes(entry.metastases, period),
            recurrences=self._codes(entry.recurrences, period),
        )
        self._add(condition, entry)
        if isinstance(condition, MinorCondition):
            encounter.minor_conditions.append(condition)
        else:
            encounter.main_condition = encounter.main_condition or condition
        condition.reports = [self._report(organizer, period, condition) for organizer in node.organizers]

    def _procedure(self, node: model.ProcedureNode, encounter: Encounter | None) -> None:
        entry, period, indication = node.entry, Period(node.entry.start, node.entry.end), node.entry.indication
        procedure = Procedure(
            encounter or self.episode,
            entry.id,
            patient=self.patient,
            episode=None if encounter else self.episode,
            encounter=encounter,
            start=entry.start,
            end=entry.end,
            code=self._coded(entry.code.code, period, entry.supplementary),
            producer=self._unit(entry.producer),
            staff=self._code(entry.staff, period),
            side=self._code(entry.side, period),
            contrast=self._code(entry.contrast, period),
            action=self._code(entry.action, period),
            indication=self._coded(indication.code.code, period, indication.supplementary) if indication else None,
            period=period,
        )
        self._add(procedure, entry, *period)
        (encounter or self.episode).procedures.append(procedure)
        if entry.payment is not None:
            procedure.payment = self._payment(entry.payment, procedure, None)
        procedure.reports = [self._report(organizer, period, procedure) for organizer in node.organizers]

    def _report_of_episode(self, node: model.OrganizerNode) -> None:
        if node.marker is None:
            self.episode.reports.append(self._report(node, self.episode.period, self.episode))
        else:
            marker = self.markers[id(node.marker)]
            marker.reports.append(self._report(node, Period(marker.time, marker.time), marker))

    def _report(self, node: model.OrganizerNode, period: Period, cause: Fact) -> Report:
        entry = node.entry
        report = Report(
            cause,
            entry.id,
            name=self._coded(entry.name.code, period),
            status=self._code(entry.status, period),
            unit=self._unit(entry.responsible_unit),
            cause_period=period,
            encounter=cause if isinstance(cause, Encounter) else None,
            condition=cause if isinstance(cause, AnyCondition) else None,
            procedure=cause if isinstance(cause, Procedure) else None,
        )
        report.key, report.cause = report.name.text, cause
        self._add(report, entry)
        report.results = [self._result(result, report) for result in entry.results]
        for result in report.results:
            report.results_by_type.setdefault(result.key, []).append(result)
        return report

    def _result(self, entry: model.Result, report: Report) -> Result:
        period = Period(entry.time, entry.time) if entry.time else report.cause_period
        kind, value = self._coded(entry.type.code, period), self._coded(entry.value, period)
        result = Result(report, None, report, kind, entry.value, value, entry.time)
        result.key, result.cause = kind.text, report.cause
        return self._add(result, entry, entry.time)

    def _unit(self, sor_id: str) -> Unit | None:
        unit = self.sor.unit(sor_id)
        if unit is None:
            return None
        return Unit(unit.sor_id, unit.valid_from, unit.valid_to, unit.has_psychiatric_speciality, unit.name)

    def _code(self, code: model.Code | None, period: Period) -> Coded | None:
        return None if code is None else self._coded(code.code, period)

    def _codes(self, codes: Iterable[model.Code], period: Period) -> tuple[Coded, ...]:
        return tuple(self._coded(code.code, period) for code in codes)

    def _coded(self, text: str, period: Period, supplementary: tuple[model.Code, ...] = ()) -> Coded:
        if text not in self.lists:
            rows = self.sks.rows(text)
            is_unlimited = len(rows) == 1 and rows[0].valid_from is None and rows[0].valid_to is None
            self.lists[text] = rows[0].lists if is_unlimited else None
        return Coded(text, period, self.sks, self.lists[text], self._codes(supplementary, period) if supplementary else ())
