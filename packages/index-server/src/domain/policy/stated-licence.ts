/** The licence that core metadata states, as an SPDX expression. */
import { type CoreMetadata, tryCanonicalizeLicenseExpression } from '@cheeseshop/packaging'

/** The expression; else a License that is one; else what the classifiers mean. Undefined where they leave a choice. */
export function statedLicence(
  metadata: Pick<CoreMetadata, 'licenseExpression' | 'license' | 'classifiers'>,
): string | undefined {
  for (const text of [metadata.licenseExpression, metadata.license]) {
    const expression = text && tryCanonicalizeLicenseExpression(text)
    if (expression) return expression
  }
  const stated = metadata.classifiers.filter((each) => each.startsWith(prefix))
  const licences = stated.map((each) => classified.get(each.split(' :: ').at(-1) ?? ''))
  // Nobody knows whether several are a choice or an obligation, nor what an ambiguous one means.
  return licences.length === 1 ? licences[0] : undefined
}

const prefix = 'License :: '

/** Classifiers that mean just one licence; "BSD License" and its like mean one of several. */
const classified = new Map([
  ['MIT License', 'MIT'],
  ['MIT No Attribution License (MIT-0)', 'MIT-0'],
  ['Apache Software License', 'Apache-2.0'],
  ['ISC License (ISCL)', 'ISC'],
  ['Mozilla Public License 2.0 (MPL 2.0)', 'MPL-2.0'],
  ['Mozilla Public License 1.1 (MPL 1.1)', 'MPL-1.1'],
  ['Python Software Foundation License', 'PSF-2.0'],
  ['The Unlicense (Unlicense)', 'Unlicense'],
  ['zlib/libpng License', 'Zlib'],
  ['Zero-Clause BSD (0BSD)', '0BSD'],
  ['Boost Software License 1.0 (BSL-1.0)', 'BSL-1.0'],
  ['CC0 1.0 Universal (CC0 1.0) Public Domain Dedication', 'CC0-1.0'],
  ['Eclipse Public License 1.0 (EPL-1.0)', 'EPL-1.0'],
  ['Eclipse Public License 2.0 (EPL-2.0)', 'EPL-2.0'],
  ['European Union Public Licence 1.1 (EUPL 1.1)', 'EUPL-1.1'],
  ['European Union Public Licence 1.2 (EUPL 1.2)', 'EUPL-1.2'],
  ['GNU General Public License v2 (GPLv2)', 'GPL-2.0-only'],
  ['GNU General Public License v2 or later (GPLv2+)', 'GPL-2.0-or-later'],
  ['GNU General Public License v3 (GPLv3)', 'GPL-3.0-only'],
  ['GNU General Public License v3 or later (GPLv3+)', 'GPL-3.0-or-later'],
  ['GNU Lesser General Public License v2 (LGPLv2)', 'LGPL-2.0-only'],
  ['GNU Lesser General Public License v2 or later (LGPLv2+)', 'LGPL-2.0-or-later'],
  ['GNU Lesser General Public License v3 (LGPLv3)', 'LGPL-3.0-only'],
  ['GNU Lesser General Public License v3 or later (LGPLv3+)', 'LGPL-3.0-or-later'],
  ['GNU Affero General Public License v3', 'AGPL-3.0-only'],
  ['GNU Affero General Public License v3 or later (AGPLv3+)', 'AGPL-3.0-or-later'],
])
