import { codeField, field, noToken, type Page } from './layout.ts'

const verify: Page = {
  path: '/account/verify-email',
  title: 'Confirm your address',
  script: 'verify-email.js',
  body: `<section data-state="ask" hidden>
<p>Confirm that the address this link was sent to is yours. After that you can sign in.</p>
<form method="post">
${field({ id: 'password', label: 'Your password', type: 'password', autocomplete: 'current-password', hint: 'The one that you chose when you opened the account.' })}
<button>Confirm this address</button>
</form>
<p>You do not know it, or somebody else opened the account? <a href="/account/reset-password">Choose a new password</a>: that confirms the address, too.</p>
</section>
<section data-state="done" hidden>
<p class="good">Your address is confirmed. You can sign in now, and close this page.</p>
</section>
<section data-state="failed" hidden>
<p>You can have another link sent to you.</p>
<form method="post" data-again="/api/auth/resend-verification">
${field({ id: 'email', label: 'Your e-mail address', type: 'email', autocomplete: 'email' })}
<button>Send another link</button>
</form>
</section>
${noToken('Open this page with the link in the mail that you got. If the link was cut in two, copy all of it.')}`,
}

const confirm: Page = {
  path: '/account/confirm-email',
  title: 'Use a new address',
  script: 'confirm-email.js',
  body: `<section data-state="ask" hidden>
<p>From now on you would sign in with the address that this link was sent to. All your sessions end.</p>
<form method="post"><button>Use this address</button></form>
</section>
<section data-state="done" hidden>
<p class="good">Your address is changed, and all sessions were ended. Sign in with the new one from now on.</p>
</section>
<section data-state="failed" hidden>
<p>Sign in and ask for the change once more: a new link will be sent.</p>
</section>
${noToken('Open this page with the link in the mail that went to your new address. If the link was cut in two, copy all of it.')}`,
}

const reset: Page = {
  path: '/account/reset-password',
  title: 'Choose a new password',
  script: 'reset-password.js',
  body: `<section data-state="ask" hidden>
<p>A new password ends all your sessions and revokes your API tokens.</p>
<form method="post">
${field({ id: 'password', label: 'New password', type: 'password', autocomplete: 'new-password', hint: '8 to 128 characters. A few words that you use nowhere else are best.' })}
<p class="strength" role="status" aria-live="polite"><meter min="0" max="4" low="2" high="3" optimum="4" value="0" aria-hidden="true"></meter> <span id="strength"></span></p>
<div data-code hidden>
${codeField}
</div>
<button>Set this password</button>
</form>
</section>
<section data-state="done" hidden>
<p class="good">Your password is changed, and all sessions were ended. Sign in with the new one.</p>
</section>
<section data-state="empty" hidden>
<p>Tell us your address, and a link goes to it with which you choose a new password.</p>
<form method="post" data-again="/api/auth/forgot-password">
${field({ id: 'email', label: 'Your e-mail address', type: 'email', autocomplete: 'email' })}
<button>Send me a link</button>
</form>
</section>`,
}

const invitation: Page = {
  path: '/account/accept-invitation',
  title: 'Join a workspace',
  script: 'accept-invitation.js',
  body: `<section data-state="ask" hidden>
<p>Sign in with the address that the invitation was sent to, and you join the workspace.</p>
<form method="post">
${field({ id: 'email', label: 'Your e-mail address', type: 'email', autocomplete: 'username' })}
${field({ id: 'password', label: 'Your password', type: 'password', autocomplete: 'current-password' })}
<button>Sign in and join</button>
</form>
<details>
<summary>You have no account yet?</summary>
<p>Open one with the same address, confirm it with the link that you get, and then open the invitation once more.</p>
<form method="post" id="register">
${field({ id: 'new-email', label: 'Your e-mail address', type: 'email', autocomplete: 'email' })}
${field({ id: 'new-password', label: 'A password', type: 'password', autocomplete: 'new-password', hint: '8 to 128 characters. A few words that you use nowhere else are best.' })}
<button class="second">Open an account</button>
</form>
</details>
<form method="post" id="decline"><button class="plain">No, thank you</button></form>
</section>
<section data-state="code" hidden>
<form method="post">
${codeField}
<button>Join the workspace</button>
</form>
</section>
<section data-state="done" hidden>
<p class="good">You have joined <strong id="workspace"></strong>.</p>
<p>It is among your workspaces the next time you sign in.</p>
</section>
<section data-state="declined" hidden>
<p>You said no, and the link is worthless now. You can close this page.</p>
</section>
${noToken('Open this page with the link in the invitation that you got. If the link was cut in two, copy all of it.')}`,
}

export const pages: readonly Page[] = [verify, confirm, reset, invitation]
