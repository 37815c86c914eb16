import { expect, test } from 'vitest'
import { scaledPhases } from '../../../../infra/cli/load/artillery-phases.ts'

test('a rate that is still whole stays a rate', () => {
  expect(scaledPhases([{ name: 'a', duration: 10, arrivalRate: 7000 }], 0.1)).toEqual([
    { name: 'a', duration: 10, arrivalRate: 700 },
  ])
})

test('a rate that is not whole becomes a count of arrivals', () => {
  expect(scaledPhases([{ duration: 20, arrivalRate: 5 }], 0.1)).toEqual([{ duration: 20, arrivalCount: 10 }])
})

test('a ramp may be broken', () => {
  expect(scaledPhases([{ duration: 10, arrivalRate: 15, rampTo: 150 }], 0.1)).toEqual([
    { duration: 10, arrivalRate: 1.5, rampTo: 15 },
  ])
})

test('a ramp that stays under one a second becomes a count of its arrivals', () => {
  expect(scaledPhases([{ duration: 20, arrivalRate: 40, rampTo: 20 }], 0.02)).toEqual([
    { duration: 20, arrivalCount: 12 },
  ])
})

test('a phase that comes to no arrival at all becomes a pause', () => {
  expect(scaledPhases([{ name: 'a', duration: 3, arrivalRate: 1 }], 0.1)).toEqual([{ name: 'a', pause: 3 }])
})

test('a pause is as long at any scale, and a count is scaled', () => {
  expect(scaledPhases([{ pause: 5 }, { duration: 15, arrivalCount: 300 }], 0.5)).toEqual([
    { pause: 5 },
    { duration: 15, arrivalCount: 150 },
  ])
})

test('a duration may be a text with a unit', () => {
  expect(
    scaledPhases(
      [
        { duration: '2m', arrivalRate: 5 },
        { duration: '10s', arrivalRate: 20 },
        { duration: '3s', arrivalRate: 1 },
      ],
      0.1,
    ),
  ).toEqual([{ duration: '2m', arrivalCount: 60 }, { duration: '10s', arrivalRate: 2 }, { pause: '3s' }])
})
