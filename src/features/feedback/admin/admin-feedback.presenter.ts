import { presentFeedback } from '../feedback.presenter.ts'
import type { AdminFeedbackRow, NoteRow } from './admin-feedback.queries.ts'
import type { AdminFeedbackView, FeedbackNote } from './admin-feedback.schemas.ts'

const person = (id: string | null, email: string | null) =>
  id === null || email === null ? null : { id, email }

export const presentAdminFeedback = (row: AdminFeedbackRow): AdminFeedbackView => ({
  ...presentFeedback(row),
  writer: { id: row.writer_id, email: row.writer_email },
  assignedTo: person(row.assigned_to, row.assigned_email),
})

const presentNote = (row: NoteRow): FeedbackNote => ({
  id: row.id,
  author: person(row.author_id, row.author_email),
  body: row.body,
  createdAt: row.created_at.toISOString(),
})

export const presentDetail = ({ row, notes }: { row: AdminFeedbackRow; notes: NoteRow[] }) => ({
  ...presentAdminFeedback(row),
  notes: notes.map(presentNote),
})
