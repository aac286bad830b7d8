/** Outbound messages as Salesforce documents them. */
export const notification = (n: number, object = 'Contact', id = '003000000000001', fields = ''): string =>
  `<Notification><Id>04l00000000${String(n).padStart(4, '0')}</Id><sObject xsi:type="sf:${object}" xmlns:sf="urn:sobject.enterprise.soap.sforce.com"><sf:Id>${id}</sf:Id>${fields}</sObject></Notification>`

export const message = (notifications: string, organization: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Body><notifications xmlns="http://soap.sforce.com/2005/09/outbound"><OrganizationId>${organization}</OrganizationId><ActionId>04k000000000001AAA</ActionId><SessionId xsi:nil="true"/><EnterpriseUrl>https://example.my.salesforce.com/services/Soap/c/47.0/00D000000000001</EnterpriseUrl><PartnerUrl>https://example.my.salesforce.com/services/Soap/u/47.0/00D000000000001</PartnerUrl>${notifications}</notifications></soapenv:Body></soapenv:Envelope>`
