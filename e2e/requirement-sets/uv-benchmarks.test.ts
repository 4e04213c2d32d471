import { testSets } from './lock-sets.ts'

testSets("uv's benchmarks")
