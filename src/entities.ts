import { SessionEntity } from './features/accounts/sessions/session.entity.ts'
import { UserEntity } from './features/accounts/user.entity.ts'
import { CredentialProfileEntity } from './features/credentials/credential-profile.entity.ts'
import { MonitoringJobEntity } from './features/monitoring/monitoring-job.entity.ts'
import { SourceEntity } from './features/sources/source.entity.ts'
import { MembershipEntity } from './features/workspaces/membership.entity.ts'
import { WorkspaceEntity } from './features/workspaces/workspace.entity.ts'

/**
 * Tables that are written row by row. Posts, samples and scores are written by the thousand and have
 * no entity: one SQL statement a batch says it.
 */
export const entities = [
  UserEntity,
  SessionEntity,
  WorkspaceEntity,
  MembershipEntity,
  CredentialProfileEntity,
  SourceEntity,
  MonitoringJobEntity,
]
