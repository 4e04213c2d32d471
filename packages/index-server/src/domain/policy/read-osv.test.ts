import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cpuTime } from '@cheeseshop/testing'
import fc from 'fast-check'
import { fixedVersions, isAffected } from './advisory.ts'
import { readOsv } from './read-osv.ts'

const record = {
  id: 'GHSA-aaaa-bbbb-cccc',
  modified: '2026-01-02T03:04:05Z',
  aliases: ['CVE-2026-1'],
  summary: 'Demo runs what it is sent',
  details: 'At length.',
  severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H' }],
  references: [{ type: 'WEB', url: 'https://advisories.example/1' }],
  affected: [
    {
      package: { ecosystem: 'PyPI', name: 'Demo.Thing' },
      ranges: [
        {
          type: 'ECOSYSTEM',
          events: [{ introduced: '0' }, { fixed: '1.2' }, { introduced: '2.0' }, { fixed: '2.1' }],
        },
        { type: 'GIT', events: [{ introduced: 'abc' }] },
      ],
      versions: ['0.9.post1'],
    },
    { package: { ecosystem: 'npm', name: 'demo-thing' }, versions: ['7.0'] },
  ],
}

test('a record becomes one advisory for each project of the public index it names', () => {
  assert.deepEqual(readOsv(record), [
    {
      id: 'GHSA-aaaa-bbbb-cccc',
      aliases: ['CVE-2026-1'],
      project: 'demo-thing',
      summary: 'Demo runs what it is sent',
      details: 'At length.',
      severity: 'critical',
      modifiedAt: '2026-01-02T03:04:05.000Z',
      link: 'https://advisories.example/1',
      affected: {
        versions: ['0.9.post1'],
        ranges: [
          { introduced: '0', fixed: '1.2' },
          { introduced: '2.0', fixed: '2.1' },
        ],
      },
    },
  ])
})

test('ranges and single versions tell what is affected', () => {
  const [advisory] = readOsv(record)
  const affected = ['0.1', '1.1.9', '1.2', '1.2rc1', '1.9', '2.0', '2.1'].filter((version) =>
    isAffected(advisory!, version),
  )
  assert.deepEqual(affected, ['0.1', '1.1.9', '1.2rc1', '2.0'])
  assert.deepEqual(fixedVersions(advisory!), ['1.2', '2.1'])
})

test('a last affected version is itself affected', () => {
  const events = [{ introduced: '1.0' }, { last_affected: '1.4' }]
  const affected = [
    { ...record.affected[0], versions: [], ranges: [{ type: 'ECOSYSTEM', events }] },
  ]
  const [advisory] = readOsv({ ...record, affected })
  assert.deepEqual(
    ['0.9', '1.0', '1.4', '1.4.1'].map((version) => isAffected(advisory!, version)),
    [false, true, true, false],
  )
})

test('the label of the database counts where there is no CVSS vector', () => {
  const severityOf = (more: object) => readOsv({ ...record, severity: [], ...more })[0]?.severity
  assert.equal(severityOf({ database_specific: { severity: 'MODERATE' } }), 'medium')
  assert.equal(severityOf({}), 'unknown')
  assert.equal(severityOf({ severity: [{ type: 'CVSS_V3', score: 'CVSS:9/nonsense' }] }), 'unknown')
})

test('a record of a megabyte takes no more time than its length', async () => {
  const part = { package: { ecosystem: 'PyPI', name: 'demo' }, versions: ['1'] }
  const [vector] = record.severity
  const time = await cpuTime(() => {
    const long = {
      ...record,
      affected: Array(20_000).fill(part),
      severity: Array(500).fill(vector),
    }
    assert.equal(readOsv(long)[0]?.severity, 'critical')
  })
  assert.ok(time < 2_000, `${time} ms`)
})

test('a hostile record is read as far as it makes sense and never throws', () => {
  assert.deepEqual(readOsv({ ...record, id: '<script>' }), [])
  assert.deepEqual(
    readOsv({ ...record, references: [{ url: 'javascript:alert(1)' }] })[0]?.link,
    '',
  )
  fc.assert(
    fc.property(fc.anything(), (value) => {
      readOsv(value)
      readOsv({ ...record, affected: value, severity: value, references: value, aliases: value })
      readOsv({ ...record, affected: [{ ...record.affected[0], ranges: [{ events: value }] }] })
    }),
  )
})
