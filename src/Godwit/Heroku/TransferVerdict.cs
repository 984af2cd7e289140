using System.Globalization;
using System.Text.RegularExpressions;
using Godwit.Faults;

namespace Godwit.Heroku;

/// <summary>From Heroku's flag, its count of warnings, and its log.</summary>
/// <param name="Succeeded">It ended, was not cancelled, and Heroku calls it a success. Not yet a proof: see
/// <see cref="IsClean"/>.</param>
/// <param name="Warnings">Statements that pg_restore skipped: Heroku's count or the log's, whichever is larger.</param>
/// <param name="Logs">All lines, with secrets masked.</param>
/// <param name="Problems">The lines that report an error or a warning.</param>
public sealed partial record TransferVerdict(
    bool Succeeded, int Warnings, IReadOnlyList<string> Logs, IReadOnlyList<string> Problems, HerokuTransfer Transfer)
{
    /// <summary>A success without skipped statements. Heroku's command line also calls one with skipped statements a
    /// success.</summary>
    public bool IsClean => Succeeded && Warnings == 0;

    /// <param name="whole">Finished, with its logs.</param>
    internal static TransferVerdict Of(HerokuTransfer whole)
    {
        var lines = (whole.Logs ?? [])
            .Select(line => line with { Message = Redactor.Clean(line.Message, whole.FromUrl, whole.ToUrl) }).ToList();
        var logs = lines.Select(line => line.Message).ToList();
        var problems = lines.Where(line => line.Level is "error" or "warning" || Problem().IsMatch(line.Message))
            .Select(line => line.Message).ToList();
        var errors = logs.Count(line => Error().IsMatch(line));
        var ignored = logs.Select(line => Ignored().Match(line)).Where(match => match.Success)
            .Select(match => int.TryParse(match.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture,
                out var n) ? n : 1);
        return new TransferVerdict(
            Succeeded: whole is { FinishedAt: not null, CanceledAt: null, Succeeded: true },
            Warnings: Math.Max(whole.Warnings ?? 0, ignored.Append(errors).Max()),
            logs, problems, whole);
    }

    // pg_restore's own words: "pg_restore: error: …" since 12, "pg_restore: [archiver (db)] Error …" before.
    [GeneratedRegex(@"pg_restore: (error:|\[[^\]]*\] (could not|Error))", RegexOptions.CultureInvariant)]
    private static partial Regex Error();

    [GeneratedRegex(@"errors ignored on restore: (\d+)", RegexOptions.CultureInvariant)]
    private static partial Regex Ignored();

    [GeneratedRegex(@"\b(error|fatal|panic|warning|failed|could not)\b|errors ignored",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Problem();
}
