export { Zone } from '../../../core/zone.ts'
