/** Where a call was made: the words of every error. `what` names the endpoint, never its query. */
export type CallSite = { platform: string; name: string; what: string }
