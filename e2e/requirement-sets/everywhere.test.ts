import { testSets } from './lock-sets.ts'

testSets('everywhere')
