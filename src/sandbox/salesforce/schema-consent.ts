/** Consent and contact points. The default of PrivacyConsentStatus is unverified. Line format: see parse-object.ts. Salesforce docs: Object Reference. */
export const consent = `
ContactPointTypeConsent 0ZY cudn @privacy +bin +audit +viewed
reference ncu: BusinessBrandId>BusinessBrand:BusinessBrand
picklist255 ncur: CaptureContactPointType=$points
datetime ncu: CaptureDate
string255 ncu: CaptureSource
picklist255 ncur: ContactPointType=$points
reference ncu: DataUsePurposeId>DataUsePurpose:DataUsePurpose
datetime ncu: DoubleConsentCaptureDate | EffectiveFrom | EffectiveTo
picklist ncu: EngagementChannelType=Billboard;Email;MailingAddress;Phone;SMS;Social;Web
string255 cuN: Name
reference cud: OwnerId>Group,User:Owner
reference cu: PartyId>Individual:Party:Individuals
reference ncu: PartyRoleId>PartyRole:PartyRole
picklist255 cudr: PrivacyConsentStatus=$consent
reference ncu: EngagementChannelTypeId>EngagementChannelType:EngagementChannelType

ContactPointConsent 0ZX cudn +bin +audit +viewed
reference ncu: BusinessBrandId>BusinessBrand:BusinessBrand
picklist255 ncur: CaptureContactPointType=$points
datetime ncu: CaptureDate
string255 ncu: CaptureSource
reference cu: ContactPointId>ContactPointAddress,ContactPointEmail,ContactPointPhone:ContactPoint:ContactPointConsents
reference ncu: DataUsePurposeId>DataUsePurpose:DataUsePurpose
datetime ncu: DoubleConsentCaptureDate | EffectiveFrom | EffectiveTo
reference ncu: EngagementChannelTypeId>EngagementChannelType:EngagementChannelType
string255 cuN: Name
reference cud: OwnerId>Group,User:Owner
reference ncu: PartyRoleId>PartyRole:PartyRole
picklist255 cudr: PrivacyConsentStatus=$consent

ContactPointEmail 9Vl cudn +bin +audit +viewed
date ncu: ActiveFromDate | ActiveToDate
time ncu: BestTimeToContactEndTime | BestTimeToContactStartTime
picklist255 ncu: BestTimeToContactTimezone
email80 cu: EmailAddress
string250 ncu: EmailDomain
datetime ncu: EmailLatestBounceDateTime
string250 ncu: EmailLatestBounceReasonText | EmailMailBox
boolean cud: IsPrimary
string255 nN: Name
reference cud: OwnerId>Group,User:Owner
reference ncu: ParentId>Account,Individual:Parent:ContactPointEmails:cascade
picklist40 ncu: UsageType=$usage
int ncu: PreferenceRank

ContactPointPhone 0Ow cudn +bin +audit +viewed
date ncu: ActiveFromDate | ActiveToDate
string30 ncu: AreaCode
time ncu: BestTimeToContactEndTime | BestTimeToContactStartTime
picklist255 ncu: BestTimeToContactTimezone
string30 ncu: ExtensionNumber
string250 ncu: FormattedInternationalPhoneNumber | FormattedNationalPhoneNumber
boolean cud: IsBusinessPhone | IsFaxCapable | IsPersonalPhone | IsPrimary | IsSmsCapable
string255 nN: Name
reference cud: OwnerId>Group,User:Owner
reference ncu: ParentId>Account,Individual:Parent:ContactPointPhones:cascade
picklist255 ncu: PhoneType=Home;Mobile
int ncu: PreferenceRank
phone40 cu: TelephoneNumber
picklist40 ncu: UsageType=$usage

ContactPointAddress 8lW cudn +bin +audit +viewed
date ncu: ActiveFromDate | ActiveToDate
address nS: Address
string ncu: AddressFirstName | AddressLastName | AddressMiddleName
picklist40 ncu: AddressType=Billing;Shipping
time ncu: BestTimeToContactEndTime | BestTimeToContactStartTime
picklist255 ncu: BestTimeToContactTimezone
string40 ncu: City
string ncu: CompanyName
reference ncu: ContactPointPhoneId>ContactPointPhone:ContactPointPhone:ContactPointAddresses
string80 ncu: Country
picklist40 ncu: GeocodeAccuracy=$accuracy
boolean cud: IsDefault | IsPrimary | IsThirdPartyAddress
double ncu: Latitude | Longitude
string255 cuN: Name
reference cud: OwnerId>Group,User:Owner
reference ncu: ParentId>Account,Individual:Parent:ContactPointAddresses:cascade
phone ncu: PhoneNumber
string20 ncu: PostalCode
int ncu: PreferenceRank
string80 ncu: State
textarea255 ncu: Street
picklist40 ncu: UsageType=$usage

DataUsePurpose 0ZW cudn @privacy +bin +audit +viewed
boolean cud: CanDataSubjectOptOut
string255 ncu: Description
reference ncu: LegalBasisId>DataUseLegalBasis:LegalBasis:DataUsePurposes
string255 cuN: Name
reference cud: OwnerId>Group,User:Owner
reference ncu: PurposeId>Asset,Campaign,Product2:Purpose:DataUsePurposes

DataUseLegalBasis 0ZT cudn @privacy +bin +audit +viewed "Data Use Legal Basis" "Data Use Legal Bases"
string255 ncu: Description
string255 cuN: Name
reference cud: OwnerId>Group,User:Owner
string255 ncu: Source

CommSubscription 0Xl cudn +bin +audit +viewed
reference ncu: DataUsePurposeId>DataUsePurpose:DataUsePurpose
boolean cud: IsDefault
string255 cuN: Name
reference cud: OwnerId>Group,User:Owner

CommSubscriptionChannelType 0eB cudn +bin +audit +viewed
reference cu: CommunicationSubscriptionId>CommSubscription:CommunicationSubscription:CommSubscriptionChannelTypes
reference cu: EngagementChannelTypeId>EngagementChannelType:EngagementChannelType:CommSubscriptionChannelTypes
reference ncu: MessagingChannelUsageId>MessagingChannelUsage:MessagingChannelUsage
string255 cuN: Name
reference cud: OwnerId>Group,User:Owner

CommSubscriptionConsent 0dY cudn +bin +audit +viewed
reference ncu: BusinessBrandId>BusinessBrand:BusinessBrand
reference cu: CommSubscriptionChannelTypeId>CommSubscriptionChannelType:CommSubscriptionChannelType:CommSubscriptionConsents
datetime ncu: ConsentCapturedDateTime
string255 ncu: ConsentCapturedSource
reference ncu: ConsentGiverId>Account,Contact,Individual,User:ConsentGiver:CommSubscriptionConsents:restrict
reference cu: ContactPointId>ContactPointAddress,ContactPointEmail,ContactPointPhone:ContactPoint:CommSubscriptionConsents
reference ncu: DataUsePurposeId>DataUsePurpose:DataUsePurpose
date cu: EffectiveFromDate
date ncu: EffectiveToDate
reference ncu: EngagementChannelTypeId>EngagementChannelType:EngagementChannelType
string255 cuN: Name
reference cud: OwnerId>Group,User:Owner
reference ncu: PartyId>Individual:Party | PartyRoleId>PartyRole:PartyRole
picklist ncur: PrivacyConsentStatus=$consent

CommSubscriptionTiming 0al cudn +bin +audit +viewed
reference c: CommSubscriptionConsentId>CommSubscriptionConsent:CommSubscriptionConsent:CommSubscriptionTimings:cascade
string255 N: Name
double ncu: Offset
time ncu: PreferredTimeEnd | PreferredTimeStart
picklist255 ncu: PreferredTimeZone
picklist255 cu: Unit=DayOfWeek;Hour;Day;Week;Month

EngagementChannelType 0eF cudn +bin +audit +viewed
picklist255 ncur: ContactPointType=$points
boolean cud: IsActive
string255 cuN: Name
reference cud: OwnerId>Group,User:Owner
multipicklist ncu: UsageType

AuthorizationForm 0cI cudn @privacy +bin +audit +viewed
reference ncu: DefaultAuthFormTextId>AuthorizationFormText:DefaultAuthFormText
date ncu: EffectiveFromDate | EffectiveToDate
boolean cud: IsSignatureRequired
string255 cuN: Name
reference cud: OwnerId>Group,User:Owner
string10 ncu: RevisionNumber

AuthorizationFormText 0cN cudn @privacy +bin +audit +viewed
reference c: AuthorizationFormId>AuthorizationForm:AuthorizationForm:AuthorizationForms
reference ncu: ContentDocumentId>ContentDocument:ContentDocument:AuthorizationFormTexts
textarea ncu: DetailAuthorizationFormText
string255 ncu: FullAuthorizationFormUrl
picklist255 ncu: Locale | LocaleSelection
string255 cuN: Name
string255 ncu: SummaryAuthFormText

AuthorizationFormDataUse 0cM cudn @privacy +bin +audit +viewed
reference cu: AuthorizationFormId>AuthorizationForm:AuthorizationForm
reference cu: DataUsePurposeId>DataUsePurpose:DataUsePurpose:AuthorizationFormDataUses
string255 cuN: Name
reference cud: OwnerId>Group,User:Owner

AuthorizationFormConsent 0cK cudn @privacy +bin +audit +viewed
reference ncu: AuthorizationFormTextId>AuthorizationFormText:AuthorizationFormText:AuthorizationFormConsents
datetime ncu: ConsentCapturedDateTime
string255 ncu: ConsentCapturedSource
picklist255 ncu: ConsentCapturedSourceType=$points
reference cu: ConsentGiverId>Account,Contact,Individual,Lead,User:ConsentGiver:AuthorizationFormConsents:restrict
reference ncu: DocumentVersionId>ContentVersion:DocumentVersion
string255 cuN: Name
reference cud: OwnerId>Group,User:Owner
reference ncu: RelatedRecordId>Account:RelatedRecord
picklist255 ncu: Status=Seen;Signed;Rejected

PartyConsent 0g8 cudn +bin +audit +viewed
picklist255 cu: Action=Target;Segment;Data Collection;Cross Device;Reidentification;Share Data
picklist255 ncur: CaptureContactPointType=$points
datetime ncu: CaptureDate
string255 ncu: CaptureSource
string255 cuN: Name
reference cud: OwnerId>Group,User:Owner
reference cu: PartyId>Individual:Party:PartyConsents
picklist255 cudr: PrivacyConsentStatus=$consent
date ncu: EffectiveFrom | EffectiveTo
datetime ncu: DoubleConsentCaptureDate
`
