using System.Net;
using System.Text.Json;
using Godwit.Faults;

namespace Godwit.Heroku;

/// <summary>Decides whether an answer is an error, and which fault it becomes.</summary>
internal static class HerokuAnswers
{
    // Heroku's messages have one or two sentences; a proxy's error page is cut to this length.
    private const int MessageCharactersMax = 400;

    /// <summary>Null: no error for this call.</summary>
    public static Fault? Judge(HerokuCall call, HerokuAnswer answer, HerokuToken token)
    {
        if (answer.IsSuccess)
            return null;
        if (answer.IsRedirect)
            return HerokuFaults.Redirected(call.Purpose, Origin(answer.Location));
        var error = ErrorBody.Read(answer.Body);
        if (answer.Status == HttpStatusCode.NotFound && call.MissingIsAnswer is { } missing
            && (error.Resource is null || missing.Contains(error.Resource)))
        {
            return null;
        }

        var said = Said(call, answer, error, token);
        return (int)answer.Status switch
        {
            _ when error.Id == "confirmation_required" => HerokuAnswerFaults.ConfirmationRequired(call.Purpose, said),
            _ when error.Id == "verification_required" => HerokuAnswerFaults.VerificationRequired(call.Purpose, said),
            401 => HerokuAnswerFaults.Unauthorized(call.Purpose, token.Origin),
            402 => HerokuAnswerFaults.PaymentRequired(call.Purpose, said),
            403 when error.Id == "two_factor" => HerokuAnswerFaults.TwoFactor(call.Purpose),
            403 => HerokuAnswerFaults.Forbidden(call.Purpose, said),
            404 => Missing(call, error, said),
            422 => HerokuAnswerFaults.InvalidParams(call.Purpose, said),
            423 => HerokuAnswerFaults.ConfirmationRequired(call.Purpose, said),
            429 => HerokuAnswerFaults.RateLimited(
                call.Purpose, answer.RetryAfter is { } wait ? $"; Heroku asks to wait {wait.TotalSeconds:0} s" : ""),
            503 => HerokuAnswerFaults.Unavailable(call.Purpose, said),
            >= 500 => HerokuAnswerFaults.ServerError(call.Purpose, (int)answer.Status, said),
            _ => HerokuAnswerFaults.Rejected(call.Purpose, (int)answer.Status, said),
        };
    }

    private static Fault Missing(HerokuCall call, ErrorBody error, string said) => error.Resource switch
    {
        "app" => HerokuAnswerFaults.AppMissing(call.Purpose, said),
        "add_on" => HerokuAnswerFaults.AddonMissing(call.Purpose, said),
        "add_on attachment" => HerokuAnswerFaults.AttachmentMissing(call.Purpose, said),
        null when call.IsData && error.Message is null => HerokuAnswerFaults.DatabaseMissing(call.Purpose),
        _ => HerokuAnswerFaults.NotFound(call.Purpose, said),
    };

    private static string Said(HerokuCall call, HerokuAnswer answer, ErrorBody error, HerokuToken token)
    {
        var text = error.Message ?? (answer.Body.Length == 0 ? "it gave no reason" : answer.Body);
        text = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).TrimEnd('.');
        text = Redactor.Clean(text, [token.Value, .. call.Secrets]);
        if (text.Length > MessageCharactersMax)
            text = $"{text[..MessageCharactersMax]}…";
        return answer.RequestId is { Length: > 0 } id ? $"{text} (request id {id})" : text;
    }

    private static string Origin(string? location) =>
        Uri.TryCreate(location, UriKind.Absolute, out var uri) ? uri.GetLeftPart(UriPartial.Scheme)
            + uri.IdnHost : "an unnamed place";

    // {"id":"not_found","message":"Couldn't find that app.","resource":"app"}; each member may be missing.
    private sealed record ErrorBody(string? Id = null, string? Message = null, string? Resource = null)
    {
        public static ErrorBody Read(string body)
        {
            try
            {
                return JsonSerializer.Deserialize<ErrorBody>(body, HerokuJson.Options) ?? new ErrorBody();
            }
            catch (JsonException)
            {
                // A proxy's page or an empty body: only the status counts.
                return new ErrorBody();
            }
        }
    }
}
