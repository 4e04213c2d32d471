import { testSets } from './lock-sets.ts'

testSets('most downloaded')
