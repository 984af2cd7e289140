using System.Globalization;
using Godwit.Heroku;

namespace Godwit.Migration.After;

internal static class AfterWords
{
    /// <summary><c>b003 of 2026-11-21 07:00 UTC, 7.9 MB</c>.</summary>
    public static string Backup(HerokuTransfer backup)
    {
        var at = backup.FinishedAt?.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
        var size = backup.ProcessedBytes is { } bytes and > 0
            ? $", {(bytes / 1e6).ToString("0.0", CultureInfo.InvariantCulture)} MB" : "";
        return $"{backup.Name} of {at}{size}";
    }
}
