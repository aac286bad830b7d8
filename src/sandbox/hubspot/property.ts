/** A property definition as the properties API returns it. Source: HubSpot docs, "Properties". */
export type Sensitivity = 'non_sensitive' | 'sensitive' | 'highly_sensitive'

export type PropertyOption = { label: string; value: string; displayOrder: number; hidden: boolean; description: string }

export type Property = {
  name: string
  label: string
  type: string
  fieldType: string
  groupName: string
  description: string
  options: PropertyOption[]
  displayOrder: number
  calculated: boolean
  externalOptions: boolean
  hasUniqueValue: boolean
  hidden: boolean
  hubspotDefined: boolean
  formField: boolean
  dataSensitivity: Sensitivity
  readOnlyValue: boolean
  readOnlyDefinition: boolean
  createdAt: number
  updatedAt: number
  archivedAt: number | null
}

export type PropertySpec = Pick<Property, 'name' | 'type' | 'fieldType' | 'groupName'> & Partial<Property>

/** Fills what a specification leaves out; dates come from the caller's clock. */
export function defineProperty(spec: PropertySpec, now: number): Property {
  return {
    label: humanise(spec.name),
    description: '',
    options: [],
    displayOrder: -1,
    calculated: false,
    externalOptions: false,
    hasUniqueValue: false,
    hidden: false,
    hubspotDefined: false,
    formField: false,
    dataSensitivity: 'non_sensitive',
    readOnlyValue: false,
    readOnlyDefinition: false,
    createdAt: now,
    updatedAt: now,
    archivedAt: null,
    ...spec,
  }
}

export function option(value: string, displayOrder: number, label = value): PropertyOption {
  return { label, value, displayOrder, hidden: false, description: '' }
}

function humanise(name: string): string {
  const words = name.replace(/^hs_/, '').replaceAll('_', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}
