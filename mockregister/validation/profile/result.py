"""Result reports (resultatindberetninger): the entry, the report and its results."""

from mockregister.validation.profile.notation import declared

TEMPLATES = declared("""
DKObservationOrganizerEntryReferenceAct 1.2.208.176.7.1.10.90 2018-01-04 anywhere -> ObservationOrganizer
  "The entry of a result report: its id, the report, and the one thing that caused it."
  act @classCode=REG @moodCode=EVN
    templateId 1.2.208.176.7.1.10.90 2.16.840.1.113883.10.12.301
    id 1..1 M II entry-of-set
    code 1..1 R CD @nullFlavor=NA
    entryRelationship 1..1 M @typeCode=REFR contains DKObservationOrganizer
    choice 1..1
      entryRelationship 0..1 @typeCode=REFR contains DKInternalEpisodeOfCareReference
      entryRelationship 0..1 @typeCode=REFR contains DKInternalEpisodeOfCareMarkerReference
      entryRelationship 0..1 @typeCode=REFR contains DKInternalEncounterReference
      entryRelationship 0..1 @typeCode=REFR contains DKInternalConditionObservationReference
      entryRelationship 0..1 @typeCode=REFR contains DKInternalProcedureActReference
      entryRelationship 0..1 @typeCode=REFR contains DKInternalProcedureObservationReference
      entryRelationship 0..1 @typeCode=REFR contains DKInternalProcedureProcedureReference
      reference 0..1 @typeCode=REFR contains DKExternalEpisodeOfCareAct
        templateId 2.16.840.1.113883.10.12.324
      reference 0..1 @typeCode=REFR contains DKExternalConditionObservation
        templateId 2.16.840.1.113883.10.12.324
      reference 0..1 @typeCode=REFR contains DKExternalEpisodeOfCareMarkerAct
        templateId 2.16.840.1.113883.10.12.324
      reference 0..1 @typeCode=REFR contains DKExternalEncounterAct
        templateId 2.16.840.1.113883.10.12.324
      reference 0..1 @typeCode=REFR contains DKExternalProcedureAct
        templateId 2.16.840.1.113883.10.12.324
      reference 0..1 @typeCode=REFR contains DKExternalProcedureObservation
        templateId 2.16.840.1.113883.10.12.324
      reference 0..1 @typeCode=REFR contains DKExternalProcedureProcedure
        templateId 2.16.840.1.113883.10.12.324
    reference 0..1 @typeCode=RPLC check id-of-replaced contains DKExternalObservationOrganizerEntryAct

DKObservationOrganizer 1.2.208.176.7.1.10.88 2017-12-22 anywhere -> ObservationOrganizer
  "A result report (resultatindberetning): its type, status, unit and results."
  organizer @classCode=BATTERY @moodCode=EVN
    templateId 1.2.208.176.7.1.10.88 2.16.840.1.113883.10.12.305
    code 1..1 M CD sks
    statusCode 1..1 M CS @code:cs
    participant 1..1 M include DKResponsibleUnitParticipantBody
    component 1..* M @typeCode=COMP contains DKObservation

DKObservation 1.2.208.176.7.1.10.89 2017-09-13 anywhere -> Result
  "One result (resultat), as a text."
  observation @classCode=OBS @moodCode=EVN
    templateId 1.2.208.176.7.1.10.89 2.16.840.1.113883.10.12.303
    code 1..1 M CD sks
    effectiveTime 0..1 R IVL_TS include DKMedcomTimestampBody
    value 1..1 M ST @xsi:type
""")
