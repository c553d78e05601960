export { deepCheck } from './deep-check.service.ts'
export { moveSecrets } from './move-secrets.service.ts'
export { retireKey } from './retire-key.service.ts'
export { type Rotation, rotateKeys } from './rotate-keys.service.ts'
