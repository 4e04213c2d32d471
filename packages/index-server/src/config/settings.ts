/** Every setting of the index: its name, type, default and one line of help. Help, the reference page and the parser read this table. */
import { defaultUploadRules } from '../domain/catalog/upload-rules.ts'
import {
  choice,
  duration,
  httpUrl,
  integer,
  list,
  onOff,
  path,
  size,
  text,
  upstreamUrl,
  type ValueType,
} from './value-types.ts'

export interface Setting<Value, Default = Value> {
  readonly group: SettingGroup
  readonly type: ValueType<Value>
  readonly default: Default
  readonly help: string
  /** Never printed or logged. */
  readonly isSecret?: true
}

export type SettingGroup =
  | 'Where it lives'
  | 'Upstreams'
  | 'What it accepts'
  | 'Names'
  | 'Limits'
  | 'Work and logs'

const rules = defaultUploadRules

export const settings = {
  data: at('Where it lives', path, './.data', 'The folder of everything the index keeps.'),
  host: at('Where it lives', text, '127.0.0.1', 'The address to listen on; 0.0.0.0 or :: for all.'),
  port: at(
    'Where it lives',
    integer(0, 65_535),
    8765,
    'The port to listen on; 0 takes a free one.',
  ),
  publicUrl: maybe(
    'Where it lives',
    httpUrl,
    'The URL clients use, for links and snippets. Without it, the one each request came by.',
  ),
  trustedProxies: at(
    'Where it lives',
    list,
    [],
    'Addresses or networks (10.0.0.0/8) whose X-Forwarded-For, -Proto and -Host are believed.',
  ),
  databaseUrl: {
    ...maybe(
      'Where it lives',
      text,
      'postgres://user:password@host/name. Without it, SQLite in the data folder.',
    ),
    isSecret: true,
  },
  databaseConnections: at(
    'Where it lives',
    integer(2, 1000),
    10,
    'The most connections to PostgreSQL that one process opens.',
  ),
  administrator: at(
    'Where it lives',
    text,
    'admin',
    'The name of the user that the first start creates.',
  ),

  upstream: {
    ...at(
      'Upstreams',
      upstreamUrl,
      'auto',
      'The index that public projects come from: a URL, auto for the one that pip on this machine asks, or off.',
    ),
    isSecret: true,
  },
  upstreams: {
    ...at('Upstreams', list, [], 'More indexes to read through this one, each as NAME=URL.'),
    isSecret: true,
  },
  upstreamInsideHosts: at(
    'Upstreams',
    list,
    [],
    'Hosts (HOST or HOST:PORT) inside this network that pages and redirects of upstreams may lead to.',
  ),
  upstreamWait: at(
    'Upstreams',
    duration,
    10_000,
    'The longest a request waits for an upstream; then it gets what is kept, or 503.',
  ),
  upstreamMaxAge: at(
    'Upstreams',
    duration,
    600_000,
    'How long a page of an upstream counts as fresh at most.',
  ),
  upstreamMaxPageSize: at('Upstreams', size, 32_000_000, 'The largest page of an upstream.'),
  upstreamMaxFileSize: at('Upstreams', size, 5_000_000_000, 'The largest file of an upstream.'),
  cacheMaxSize: maybe(
    'Upstreams',
    size,
    'The most that files of upstreams may take; those unused for longest go first. Without it, all stay.',
  ),
  cacheMinFree: at(
    'Upstreams',
    size,
    256_000_000,
    'Room on the disk that files of upstreams leave for uploads: for it those unused for longest go, and others are passed on without being kept.',
  ),
  cacheMaxAge: maybe(
    'Upstreams',
    duration,
    'How long a file of an upstream is kept after it was last used. Without it, for ever.',
  ),
  mirrorRequirements: maybe(
    'Upstreams',
    path,
    'A file of requirements that is mirrored daily, with all that they need.',
  ),
  mirrorProjects: at(
    'Upstreams',
    list,
    [],
    'Projects that are mirrored daily; acme-* is all that begin so, and * all that an upstream lists.',
  ),
  mirrorLatest: maybe(
    'Upstreams',
    integer(1, 10_000),
    'Of mirrored projects only so many of the newest versions. Without it, all.',
  ),
  mirrorPython: at('Upstreams', list, ['3.12'], 'Versions of Python that the mirror is for.'),
  mirrorPlatform: at('Upstreams', list, ['linux-x86_64'], 'Platforms that the mirror is for.'),
  offline: at('Upstreams', onOff, false, 'Never ask an upstream: serve what is kept.'),

  readOnly: at('What it accepts', onOff, rules.readOnly, 'Refuse every change; go on serving.'),
  uploads: at('What it accepts', onOff, !rules.uploadsOff, 'Accept uploads.'),
  newProjects: at(
    'What it accepts',
    onOff,
    !rules.newProjectsOff,
    'Accept uploads that would create a project.',
  ),
  newProjectsPerHour: at(
    'What it accepts',
    integer(1, 1_000_000),
    rules.newProjectsPerHour,
    'Projects that one user may create in an hour; administrators create any number.',
  ),
  maxFileSize: at('What it accepts', size, rules.maximumFileSize, 'The largest file.'),
  maxProjectSize: at(
    'What it accepts',
    size,
    rules.maximumProjectSize,
    'The most that all files of a project may take.',
  ),
  localVersions: at(
    'What it accepts',
    onOff,
    rules.localVersions,
    'Accept versions such as 1.0+acme.2, which the public index refuses.',
  ),
  legacyFilenames: at(
    'What it accepts',
    onOff,
    rules.legacyFilenames,
    'Accept sdists and wheels named as before PEP 625 and PEP 427 were enforced.',
  ),
  releaseClosesAfterDays: maybe(
    'What it accepts',
    integer(1, 36_500),
    'Days after which a release takes no more files. Without it, never.',
  ),
  wheelTwins: at(
    'What it accepts',
    onOff,
    rules.wheelTwins,
    'Also keep wheels as .tar.zst, which cheese installs faster; takes three quarters of their room once more.',
  ),

  reservedNames: at(
    'Names',
    list,
    rules.reservedNames,
    'Names no new project may take; acme-* reserves all that start so.',
  ),
  permittedNames: at(
    'Names',
    list,
    rules.permittedNames,
    'Names free of the reserved, standard library and look-alike rules.',
  ),

  maxUploads: at(
    'Limits',
    integer(1, 10_000),
    64,
    'Uploads at once; others are told to come back.',
  ),
  maxStagedSize: at(
    'Limits',
    size,
    20_000_000_000,
    'The most that files being uploaded may take on the disk together.',
  ),
  maxFormSize: at('Limits', size, 8_000_000, 'The most text in the fields of one upload.'),
  maxFormFields: at('Limits', integer(50, 100_000), 10_000, 'The most fields of one upload.'),
  maxHeaderSize: at('Limits', size, 32_768, 'The most bytes of request headers.'),
  headerTimeout: at('Limits', duration, 20_000, 'How long a client may take to send the headers.'),
  idleTimeout: at('Limits', duration, 60_000, 'How long a transfer may stand still.'),
  requestTimeout: at(
    'Limits',
    duration,
    3_600_000,
    'How long a client may take to send a request.',
  ),
  shutdownTimeout: at(
    'Limits',
    duration,
    10_000,
    'How long requests in flight may take to finish when the index stops.',
  ),
  pageCacheSize: at('Limits', size, 64_000_000, 'Memory for pages kept ready to send.'),
  pageMaxAge: at(
    'Limits',
    duration,
    0,
    'How long clients may reuse an index page without asking; 0s lets them see each upload at once.',
  ),

  jobs: at('Work and logs', onOff, true, 'Work on background jobs in the serving process too.'),
  sweepAfterHours: at(
    'Work and logs',
    integer(1, 8760),
    24,
    'Hours after which stored bytes that nothing refers to are deleted.',
  ),
  discardAfterHours: at(
    'Work and logs',
    integer(1, 8760),
    24,
    'Hours after which what is left of an upload that was cut off is deleted.',
  ),
  logLevel: at(
    'Work and logs',
    choice(['debug', 'info', 'warn', 'error', 'silent']),
    'info',
    'The least important messages to log; requests are info.',
  ),
  logFormat: at('Work and logs', choice(['text', 'json']), 'text', 'How log lines are written.'),
} as const satisfies Record<string, Setting<unknown>>

export type SettingKey = keyof typeof settings
export type Config = { readonly [Key in SettingKey]: (typeof settings)[Key]['default'] }

/** `maxFileSize` is the flag `--max-file-size`, the variable `CHEESESHOP_MAX_FILE_SIZE` and the line `max-file-size = ...`. */
export function flagName(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}

export function variableName(key: string): string {
  return `CHEESESHOP_${flagName(key).replaceAll('-', '_').toUpperCase()}`
}

export const settingKeys = Object.keys(settings) as readonly SettingKey[]

/** The setting as the parser and the help see it, whatever its value is. */
export function settingOf(key: SettingKey): Setting<unknown> {
  return settings[key] as Setting<unknown>
}

function at<Value>(
  group: SettingGroup,
  type: ValueType<Value>,
  value: NoInfer<Value>,
  help: string,
): Setting<Value> {
  return { group, type, default: value, help }
}

function maybe<Value>(
  group: SettingGroup,
  type: ValueType<Value>,
  help: string,
): Setting<Value, Value | undefined> {
  return { group, type, default: undefined, help }
}
