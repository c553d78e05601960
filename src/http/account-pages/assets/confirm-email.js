import { useLink } from './link.js'

useLink('/api/auth/confirm-email')
