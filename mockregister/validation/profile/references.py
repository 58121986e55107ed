"""References from entry to entry: within the document, within the set, across sets, and to what is replaced."""

from mockregister.validation.profile.notation import declared

TEMPLATES = declared("""
DKInternalEpisodeOfCareReference 1.2.208.176.7.1.10.72 2018-01-04 anywhere -> Reference
  "Points to an episode of care of the same document."
  act @classCode=PCPR @moodCode=EVN
    templateId 1.2.208.176.7.1.10.72 2.16.840.1.113883.10.12.301
    id 1..1 M II entry-of-set
    code 1..1 R CD @nullFlavor=NA

DKInternalEpisodeOfCareMarkerReference 1.2.208.176.7.1.10.70 2017-12-22 anywhere -> Reference
  "Points to a marker of the same document."
  act @classCode=REG @moodCode=EVN
    templateId 1.2.208.176.7.1.10.70 2.16.840.1.113883.10.12.301
    id 1..1 M II entry-of-set
    code 1..1 R CD @nullFlavor=NA

DKInternalEncounterReference 1.2.208.176.7.1.10.77 2017-12-22 anywhere -> Reference
  "Points to an encounter of the same document."
  encounter @classCode=ENC @moodCode=EVN
    templateId 1.2.208.176.7.1.10.77 2.16.840.1.113883.10.12.301
    id 1..1 M II entry-of-set
    code 1..1 R CD @nullFlavor=NA

DKInternalProcedureActReference 1.2.208.176.7.1.10.91 2017-12-22 anywhere -> Reference
  "Points to a procedure of the same document that is written as an act."
  act @classCode=ACT @moodCode=EVN
    templateId 1.2.208.176.7.1.10.91 2.16.840.1.113883.10.12.301
    id 1..1 M II entry-of-set
    code 1..1 R CD @nullFlavor=NA

DKInternalProcedureObservationReference 1.2.208.176.7.1.10.92 2017-12-22 anywhere -> Reference
  "Points to a procedure of the same document that is written as an observation."
  observation @classCode=OBS @moodCode=EVN
    templateId 1.2.208.176.7.1.10.92 2.16.840.1.113883.10.12.303
    id 1..1 M II entry-of-set
    code 1..1 R CD @nullFlavor=NA

DKInternalConditionObservationReference 1.2.208.176.7.1.10.93 2017-12-22 anywhere -> Reference
  "Points to a condition of the same document."
  observation @classCode=OBS @moodCode=EVN
    templateId 1.2.208.176.7.1.10.93 2.16.840.1.113883.10.12.301
    id 1..1 M II entry-of-set
    code 1..1 R CD @nullFlavor=NA

DKInternalProcedureProcedureReference 1.2.208.176.7.1.10.94 2017-12-22 anywhere -> Reference
  "Points to a procedure of the same document that is written as a procedure."
  procedure @classCode=PROC @moodCode=EVN
    templateId 1.2.208.176.7.1.10.94 2.16.840.1.113883.10.12.306
    id 1..1 M II entry-of-set
    code 1..1 R CD @nullFlavor=NA

DKExternalEpisodeOfCareReferenceBody 1.2.208.176.7.1.10.69 2017-11-06 -> Reference
  "A reference to an episode of care of the same set."
  @typeCode=REFR
  templateId 1.2.208.176.7.1.10.69 2.16.840.1.113883.10.12.324
  include DKExternalEpisodeOfCareAct 1..1 M

DKSetExternalEpisodeOfCareReferenceBody 1.2.208.176.7.1.10.129 2017-12-22 -> Reference
  "A reference to an episode of care in any set."
  @typeCode=REFR
  templateId 1.2.208.176.7.1.10.129 2.16.840.1.113883.10.12.324
  include DKSetExternalEpisodeOfCareAct 1..1 M

DKSetExternalEpisodeOfCareAct 1.2.208.176.7.1.10.128 2017-12-22 -> Reference
  "Points to an episode of care in any set, now or in the future, by its id alone (fact 141)."
  externalAct @classCode=PCPR @moodCode=EVN
    templateId 1.2.208.176.7.1.10.128 2.16.840.1.113883.10.12.325
    id 1..1 M II @root:uuid

DKExternalEpisodeOfCareAct 1.2.208.176.7.1.10.65 2017-12-12 -> Reference
  "Points to an episode of care of the same set."
  externalAct @classCode=PCPR @moodCode=EVN
    templateId 1.2.208.176.7.1.10.65 2.16.840.1.113883.10.12.325
    id 1..1 M II entry-of-set

DKExternalEncounterAct 1.2.208.176.7.1.10.78 2018-02-08 -> Reference
  "Points to an encounter of the same set."
  externalAct @classCode=ACT @moodCode=EVN
    templateId 1.2.208.176.7.1.10.78 2.16.840.1.113883.10.12.325
    id 1..1 M II entry-of-set

DKExternalEpisodeOfCareMarkerAct 1.2.208.176.7.1.10.98 2018-03-28 -> Reference
  "Points to a marker of the same set; its root is not compared with that of the set (fact 30)."
  externalAct @classCode=ACT @moodCode=EVN
    templateId 1.2.208.176.7.1.10.98 2.16.840.1.113883.10.12.325
    id 1..1 M II @root:uuid @extension:uuid

DKExternalProcedureAct 1.2.208.176.7.1.10.99 2017-12-22 -> Reference
  "Points to a procedure of the same set that is written as an act."
  externalAct @classCode=ACT @moodCode=EVN
    templateId 1.2.208.176.7.1.10.99 2.16.840.1.113883.10.12.325
    id 1..1 M II entry-of-set

DKExternalProcedureProcedure 1.2.208.176.7.1.10.67 2017-12-22 -> Reference
  "Points to a procedure of the same set that is written as a procedure."
  externalProcedure @classCode=PROC @moodCode=EVN
    templateId 1.2.208.176.7.1.10.67 2.16.840.1.113883.10.12.327
    id 1..1 M II entry-of-set

DKExternalProcedureObservation 1.2.208.176.7.1.10.68 2017-12-22 -> Reference
  "Points to a procedure of the same set that is written as an observation."
  externalObservation @classCode?=OBS @moodCode?=EVN
    templateId 1.2.208.176.7.1.10.68 2.16.840.1.113883.10.12.326
    id 1..1 M II entry-of-set

DKExternalConditionObservation 1.2.208.176.7.1.10.100 2017-11-07 -> Reference
  "Points to a condition of the same set."
  externalObservation @classCode=OBS @moodCode=EVN
    templateId 1.2.208.176.7.1.10.100 2.16.840.1.113883.10.12.326
    id 1..1 M II entry-of-set

DKExternalObservationOrganizerEntryAct 1.2.208.176.7.1.10.119 2018-06-11 -> Reference
  "Points to a result report of the same set."
  externalAct @classCode=REG @moodCode=EVN
    templateId 1.2.208.176.7.1.10.119 2.16.840.1.113883.10.12.325
    id 1..1 M II entry-of-set

DKExternalEpisodeOfCareReplacementReferenceBody 1.2.208.176.7.1.10.120 2017-09-13 -> Entry
  "Says that an episode of care replaces the one with its id."
  @typeCode=RPLC
  templateId 1.2.208.176.7.1.10.120 1.2.208.176.7.1.10.117 2.16.840.1.113883.10.12.324
  include DKExternalEpisodeOfCareAct 1..1 M

DKExternalEncounterReplacementReferenceBody 1.2.208.176.7.1.10.121 2017-09-13 -> Entry
  "Says that an encounter replaces the one with its id."
  @typeCode=RPLC
  templateId 1.2.208.176.7.1.10.121 1.2.208.176.7.1.10.117 2.16.840.1.113883.10.12.324
  include DKExternalEncounterAct 1..1 M

DKExternalProcedureActReplacementReferenceBody 1.2.208.176.7.1.10.122 2017-12-22 -> Entry
  "Says that a procedure written as an act replaces the one with its id."
  @typeCode=RPLC
  templateId 1.2.208.176.7.1.10.122 1.2.208.176.7.1.10.117 2.16.840.1.113883.10.12.324
  include DKExternalProcedureAct 1..1 M

DKExternalProcedureObservationReplacementReferenceBody 1.2.208.176.7.1.10.123 2017-12-22 -> Entry
  "Says that a procedure written as an observation replaces the one with its id."
  @typeCode=RPLC
  templateId 1.2.208.176.7.1.10.123 1.2.208.176.7.1.10.117 2.16.840.1.113883.10.12.324
  include DKExternalProcedureObservation 1..1 M

DKExternalProcedureProcedureReplacementReferenceBody 1.2.208.176.7.1.10.124 2017-12-22 -> Entry
  "Says that a procedure written as a procedure replaces the one with its id."
  @typeCode=RPLC
  templateId 1.2.208.176.7.1.10.124 1.2.208.176.7.1.10.117 2.16.840.1.113883.10.12.324
  include DKExternalProcedureProcedure 1..1 M
""")
