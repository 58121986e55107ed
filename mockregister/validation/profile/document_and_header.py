"""The document and its header: set, version, patient, author, custodian and parent document."""

from mockregister.validation.profile.notation import declared

TEMPLATES = declared("""
DKEpisodeOfCareSummariesDocument 1.2.208.176.7.1.10.71 2018-01-04 anywhere -> ClinicalDocument
  "A report (indberetning): about whom, by whom, on behalf of whom, in which set and version, and what."
  ClinicalDocument 1..1 R @classCode?=DOCCLIN @moodCode?=EVN
    realmCode 1..1 M CS @code=DK
    typeId 1..1 M II @root=2.16.840.1.113883.1.3 @extension=POCD_HD000040
    templateId 1.2.208.176.7.1.10.71 2.16.840.1.113883.10.12.2 2.16.840.1.113883.10.12.1
    id 1..1 M II entry-of-set
    code 1..1 M CE @displayName?="Summary of episode note" @codeSystemName?=LOINC @codeSystem=2.16.840.1.113883.6.1 @code=34133-9
    effectiveTime 1..1 M TS @value:ts
    include DKMedcomConfidentialityCode 1..1 M
    setId 1..1 M II @root:uuid @assigningAuthorityName:st
    versionNumber 1..1 M INT @value:int
    include DKRecordTarget 1..1 M
    include DKAuthor 1..1 M
    include DKCustodian 1..1 M
    include DKRelatedDocument 0..1 R
    component 1..1 R @contextConductionInd=true @nullFlavor?=NI
      structuredBody 1..1 M
        choice 1..6
          component 0..1 R @contextConductionInd=true contains DKEpisodesOfCareSection
          component 0..1 R @contextConductionInd=true contains DKEncountersSection
          component 0..1 R @contextConductionInd=true contains DKProceduresSection
          component 0..1 R @contextConductionInd=true contains DKConditionObservationSection
          component 0..1 R @contextConductionInd=true contains DKObservationOrganizersSection
          component 0..1 R @contextConductionInd=true contains DKNullifySection

DKRecordTarget 1.2.208.176.7.1.10.101 2017-09-13 -> Patient
  "Whom the report is about (patient): identified by CPR, in another way, or both."
  recordTarget
    templateId 1.2.208.176.7.1.10.101 2.16.840.1.113883.10.12.101
    choice 1..1
      include DKCivilRegistrationSystemIdentifiedPatientRole 0..1
      include DKAlternativelyIdentifiedPatientRole 0..1
      include DKCivilRegistrationSystemAndAlternativelyIdentifiedPatientRole 0..1

DKCivilRegistrationSystemIdentifiedPatientRole 1.2.208.176.7.1.10.106 2019-01-06 -> Patient
  "A patient with a CPR number, and the addresses that CPR does not know."
  patientRole @classCode=PAT
    templateId 1.2.208.176.7.1.10.106
    include DKMedcomPersonalIdentification 1..1 M
    addr 0..* AD include DKAddressBody

DKAlternativelyIdentifiedPatientRole 1.2.208.176.7.1.10.107 2017-12-11 -> Patient
  "A patient without a CPR number, known by an id of the sender (alternativ identifikation)."
  patientRole @classCode=PAT
    templateId 1.2.208.176.7.1.10.107
    include DKAlternativelyIdentifiedPatientRoleBody

DKAlternativelyIdentifiedPatientRoleBody 1.2.208.176.7.1.10.132 2019-01-06 -> Patient
  "What must be reported about a patient whom CPR does not know: ids, addresses, name, sex, birth."
  include DKAlternativePatientIdentifier
  addr 1..* M AD
    include DKAddressBody
    useablePeriod 0..1 R IVL_TS @xsi:type
      choice 1..*
        low 0..1 R IVXB_TS include DKMedcomTimestampBody
        high 0..1 R IVXB_TS include DKMedcomTimestampBody
  patient 1..1 M @classCode=PSN
    include DKMedcomPersonalName 1..1 M
    administrativeGenderCode 1..1 M CE @displayName?:st @codeSystem?=2.16.840.1.113883.5.1 @code:cs in AdministrativeGender
    birthTime 0..1 R TS include DKMedcomTimestampBody

DKCivilRegistrationSystemAndAlternativelyIdentifiedPatientRole 1.2.208.176.7.1.10.133 2019-01-06 -> Patient
  "A patient with a CPR number who was reported under another id before; links the two."
  patientRole @classCode=PAT
    templateId 1.2.208.176.7.1.10.107 1.2.208.176.7.1.10.106 1.2.208.176.7.1.10.133
    include DKMedcomPersonalIdentification 1..1 M
    include DKAlternativePatientIdentifier
    addr 0..* AD
      include DKAddressBody
      useablePeriod IVL_TS @xsi:type=IVL_TS
        choice 1..2
          low IVXB_TS include DKDateOrTimestamp
          high IVXB_TS include DKDateOrTimestamp

DKAlternativePatientIdentifier 1.2.208.176.7.1.10.136 2019-01-06 -> Identifier
  "An id that the sender gave a patient."
  id 1..* M II @root:uid @extension:st @assigningAuthorityName?:st

DKAddressBody 1.2.208.176.7.1.10.127 2017-12-11 -> Residence
  "An address (uofficiel bopæl): up to four lines, postal code, city, county and country."
  @use?:set_cs in DKMedcomPostalAddressUse as "CONF-DK: 9"
  streetAddressLine 1..4 R ADXP @nullFlavor?=NI
  postalCode 1..1 R ADXP @nullFlavor?=NI
  city 1..1 R ADXP @nullFlavor?=NI
  county 0..1 R ADXP
  country 1..1 M ADXP

DKAuthor 1.2.208.176.7.1.10.102 2017-12-22 -> Author
  "Who wrote the report, as the SOR unit that is represented."
  author @typeCode=AUT
    templateId 1.2.208.176.7.1.10.102 2.16.840.1.113883.10.12.102
    time 1..1 M TS include DKMedcomTimestampBody
    assignedAuthor 1..1 M @classCode=ASSIGNED
      id 1..1 R II @nullFlavor=NI
      representedOrganization 1..1 M @classCode=ORG @determinerCode=INSTANCE
        id 1..1 M II sor

DKCustodian 1.2.208.176.7.1.10.103 2018-06-19 -> ClinicalDocument
  "The authority on whose behalf it is reported, as a CVR number."
  custodian @typeCode=CST
    templateId 1.2.208.176.7.1.10.103 2.16.840.1.113883.10.12.104
    assignedCustodian 1..1 M @classCode=ASSIGNED
      representedCustodianOrganization 1..1 M @classCode=ORG @determinerCode=INSTANCE
        id 1..1 M II
          @assigningAuthorityName?="Erhvervs- og Selskabsstyrelsen" @root=2.16.840.1.113883.2.24.1.1 @extension:st
          check cvr

DKRelatedDocument 1.2.208.176.7.1.10.111 2018-01-04 -> ParentDocument
  "The document of the set that this one appends to or replaces."
  relatedDocument @typeCode:cs in DKActRelationshipDocument
    parentDocument 1..1 M @classCode=DOCCLIN @moodCode=EVN
      id 1..1 M II entry-of-set
      setId 1..1 M II @root:uuid check root-of-set
      versionNumber 1..1 M INT @value:int check later-version

DKMedcomPersonalIdentification 1.2.208.184.2.10.1 2016-10-24 -> Identifier
  "A CPR number."
  id M II
    @extension:st as "CONF-DK: 3" @root=1.2.208.176.1.2 as "CONF-DK: 4" @assigningAuthorityName=CPR as "CONF-DK: 5"
    check cpr

DKMedcomPersonalName 1.2.208.184.2.10.2 2016-10-24 -> PersonName
  "The name of a person: one family name, at least one given name."
  name PN
    family 1..1 R ENXP @nullFlavor?=NA
    given 1..* R ENXP @nullFlavor?=NA
    prefix 0..1 ENXP

DKMedcomConfidentialityCode 1.2.208.184.2.10.4 2016-10-24
  "The confidentiality of a document, always normal."
  confidentialityCode CE @code=N @codeSystem=2.16.840.1.113883.5.25

DKMedcomTimestampBody 1.2.208.184.2.10.6 2016-10-24
  "A moment, to the second, with its offset from UTC."
  @value:ts as "CONF-DK: 34"
  check timestamp

DKDateOrTimestamp 1.2.208.176.7.1.10.135 2018-12-12
  "A moment as DKMedcomTimestampBody, or a day with its offset from UTC."
  @value:ts
  check date-or-timestamp
""")
