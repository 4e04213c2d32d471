/** `cheeseshop work`: works on background jobs without serving. */
import { settingKeys } from '../config/settings.ts'
import { Log } from '../log.ts'
import { openDomain } from '../open-domain.ts'
import { reportUpstreams } from '../open-upstreams.ts'
import { startJobs } from '../start-jobs.ts'
import { command } from './command.ts'
import { untilSignal } from './until-signal.ts'

export const work = command({
  name: 'work',
  summary: 'Work on background jobs only; serve does so too unless told --no-jobs.',
  settings: settingKeys,
  async run({ config, print }) {
    const log = new Log({ level: config.logLevel, format: config.logFormat })
    await using opened = await openDomain(config, {
      create: true,
      upstreams: { environment: process.env, report: reportUpstreams(log) },
    })
    const jobs = startJobs(opened.domain, config, log)
    print(`Cheeseshop works on the jobs of ${config.data} (Ctrl-C ends it)`)
    await untilSignal()
    await jobs.close()
    log.flush()
  },
})
