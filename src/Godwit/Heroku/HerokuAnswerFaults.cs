using Godwit.Faults;

namespace Godwit.Heroku;

/// <summary>Faults for errors that Heroku documents. <c>said</c> is Heroku's own message with secrets masked.</summary>
internal static class HerokuAnswerFaults
{
    public static Fault Unauthorized(string purpose, string origin) => new("heroku.unauthorized", FaultKind.Refused,
        What: $"Cannot {purpose}",
        Why: $"Heroku does not accept the token from {origin}: it is wrong, expired or revoked",
        Remedy: "Log in again and set the new token: "
            + "heroku login && export HEROKU_API_KEY=\"$(heroku auth:token)\".");

    public static Fault TwoFactor(string purpose) => new("heroku.two_factor", FaultKind.Refused,
        What: $"Cannot {purpose}",
        Why: "Heroku asks for a two-factor code, which a program cannot give: "
            + "codes belong to a login or to a protected app, not to an API token",
        Remedy: "Create a token once, by hand, where you can type the code: heroku login, then "
            + "export HEROKU_API_KEY=\"$(heroku authorizations:create -d godwit --short)\". "
            + "Such a token needs no code afterwards. "
            + "If the app itself is protected, run any heroku command on it first and type the code there, "
            + "then run godwit again.");

    public static Fault Forbidden(string purpose, string said) => new("heroku.forbidden", FaultKind.Refused,
        What: $"Cannot {purpose}",
        Why: $"the token's account has no permission for this: {said}",
        Remedy: "Check which account it is (heroku auth:whoami). On a team's app it needs the permissions deploy and "
            + "operate; the app's owner can grant them (heroku access --app APP).");

    public static Fault PaymentRequired(string purpose, string said) => new(
        "heroku.payment_required", FaultKind.Refused,
        What: $"Cannot {purpose}",
        Why: $"Heroku asks for payment details or an overdue bill: {said}",
        Remedy: "Verify the account or pay at https://dashboard.heroku.com/account/billing, then run godwit again. "
            + "Nothing was created.");

    public static Fault AppMissing(string purpose, string said) => new("heroku.app_missing", FaultKind.Refused,
        What: $"Cannot {purpose}",
        Why: $"there is no such app for this account: {said}",
        Remedy: "Check the name (heroku apps --all) and whose token it is (heroku auth:whoami).");

    public static Fault AddonMissing(string purpose, string said) => new("heroku.addon_missing", FaultKind.Refused,
        What: $"Cannot {purpose}",
        Why: $"there is no such add-on: {said}",
        Remedy: "List them: heroku addons --app APP.");

    public static Fault AttachmentMissing(string purpose, string said) => new(
        "heroku.attachment_missing", FaultKind.Refused,
        What: $"Cannot {purpose}",
        Why: $"no database is attached under that name: {said}",
        Remedy: "List the attachments: heroku addons --app APP.");

    public static Fault DatabaseMissing(string purpose) => new("heroku.database_missing", FaultKind.Refused,
        What: $"Cannot {purpose}",
        Why: "Heroku's Data API does not know this database: it is not provisioned yet, or gone",
        Remedy: "Wait until the app's databases are ready (heroku pg:wait --app APP), then run godwit resume.");

    public static Fault NotFound(string purpose, string said) => new("heroku.not_found", FaultKind.Refused,
        What: $"Cannot {purpose}",
        Why: $"Heroku does not have it: {said}",
        Remedy: "Check the names: heroku apps --all; heroku addons --app APP; heroku ps --app APP.");

    public static Fault InvalidParams(string purpose, string said) => new("heroku.invalid_params", FaultKind.Refused,
        What: $"Cannot {purpose}",
        Why: $"Heroku refuses the request: {said}",
        Remedy: "Correct what Heroku's message names and run again. To list the plans: "
            + "heroku addons:plans heroku-postgresql.");

    public static Fault VerificationRequired(string purpose, string said) => new(
        "heroku.verification_required", FaultKind.Refused,
        What: $"Cannot {purpose}",
        Why: $"Heroku requires a verified account: {said}",
        Remedy: "Verify it with a payment method at https://heroku.com/verify, then run godwit again. "
            + "Nothing was created.");

    public static Fault ConfirmationRequired(string purpose, string said) => new(
        "heroku.confirmation_required", FaultKind.Refused,
        What: $"Cannot {purpose}",
        Why: $"Heroku requires a confirmation for this: {said}",
        Remedy: "Check what would be replaced, then run again with --confirm APP.");

    public static Fault RateLimited(string purpose, string wait) => new("heroku.rate_limited", FaultKind.Transient,
        What: $"Cannot {purpose}",
        Why: $"the account has used up Heroku's rate limit (4500 calls per hour, shared by all its tokens){wait}",
        Remedy: "Find what else calls Heroku's API with this account, wait some minutes, and run godwit resume.");

    public static Fault Unavailable(string purpose, string said) => new("heroku.unavailable", FaultKind.Transient,
        What: $"Cannot {purpose}",
        Why: $"Heroku's API is down or in maintenance: {said}",
        Remedy: "Look at https://status.heroku.com, and run godwit resume when it is over.");

    public static Fault ServerError(string purpose, int status, string said) => new(
        "heroku.server_error", FaultKind.Transient,
        What: $"Cannot {purpose}",
        Why: $"Heroku answered with its internal error {status}: {said}",
        Remedy: "Run godwit resume. If the error remains, look at https://status.heroku.com and tell Heroku's support "
            + "the request id, if one is shown.");

    public static Fault Rejected(string purpose, int status, string said) => new("heroku.rejected", FaultKind.Refused,
        What: $"Cannot {purpose}",
        Why: $"Heroku answered {status}: {said}",
        Remedy: "Correct what Heroku's message names and run again.");
}
