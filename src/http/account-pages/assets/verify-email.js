import { useLink } from './link.js'

useLink('/api/auth/verify-email')
