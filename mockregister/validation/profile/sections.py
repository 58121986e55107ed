"""The six sections of a document, and which entries they hold."""

from mockregister.validation.profile.notation import declared

TEMPLATES = declared("""
DKEpisodesOfCareSection 1.2.208.176.7.1.10.95 2018-01-04 anywhere -> ClinicalDocument
  "The section of episodes of care (forløbselementer)."
  section
    templateId 1.2.208.176.7.1.10.95 2.16.840.1.113883.10.12.201
    entry 1..* M @typeCode=COMP contains DKEpisodeOfCareAct

DKEncountersSection 1.2.208.176.7.1.10.75 2017-12-22 anywhere -> ClinicalDocument
  "The section of encounters (kontakter)."
  section
    templateId 1.2.208.176.7.1.10.75 2.16.840.1.113883.10.12.201
    entry 1..* M @typeCode=COMP contains DKEncounter

DKProceduresSection 1.2.208.176.7.1.10.76 2017-09-13 anywhere -> ClinicalDocument
  "The section of procedures (procedurer), in any of their three forms."
  section
    templateId 1.2.208.176.7.1.10.76 2.16.840.1.113883.10.12.201
    entry 1..* M @typeCode=COMP
      choice 1..1
        include DKProcedureAct 0..1
        include DKProcedureObservation 0..1
        include DKProcedureProcedure 0..1

DKConditionObservationSection 1.2.208.176.7.1.10.113 2017-12-22 anywhere -> ClinicalDocument
  "The section of conditions (diagnoser)."
  section
    templateId 1.2.208.176.7.1.10.113 2.16.840.1.113883.10.12.201
    entry 1..* M @typeCode=COMP
      choice 1..1
        include DKMainConditionObservation 0..1
        include DKMinorConditionObservation 0..1

DKObservationOrganizersSection 1.2.208.176.7.1.10.96 2017-12-22 anywhere -> ClinicalDocument
  "The section of result reports (resultatindberetninger)."
  section
    templateId 1.2.208.176.7.1.10.96 2.16.840.1.113883.10.12.201
    entry 1..* M @typeCode=COMP contains DKObservationOrganizerEntryReferenceAct

DKNullifySection 1.2.208.176.7.1.10.116 2018-10-09 anywhere -> ClinicalDocument
  "The section of nullified entries (sletninger); may be empty (fact 14)."
  section
    templateId 1.2.208.176.7.1.10.116 2.16.840.1.113883.10.12.201
    entry 0..* R @typeCode=COMP contains DKNullifyAct
""")
