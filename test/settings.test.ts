import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { startService } from '../src/main.ts'
import { readSettings, SettingsError } from '../src/settings.ts'

describe('settings', () => {
  it('take an empty variable for one that is not set', () => {
    const names = ['ACCORD_DATA', 'ACCORD_CONFIG', 'ACCORD_PORT', 'ACCORD_SCHEDULE', 'ACCORD_LOG_LEVEL', 'ACCORD_HASH_KEY', 'DATABASE_URL']
    const empty = readSettings(Object.fromEntries(names.map((name) => [name, ''])))
    expect({ ...empty, env: {} }).toEqual({ ...readSettings({}), env: {} })
    expect([empty.dataDir, empty.port]).toEqual([resolve('.accord'), 4300])
  })
  it('refuse a schedule that is none before anything is opened', async () => {
    await expect(startService(readSettings({ ACCORD_SCHEDULE: 'at night' }))).rejects.toThrow(SettingsError)
  })
})
