using System.Globalization;
using Godwit.Heroku;
using Godwit.Postgres;

namespace Godwit.Assess.Checks.Server;

/// <summary>Whether the target's PostgreSQL suits the source and the archive, and how long it is supported.</summary>
internal sealed class VersionCheck : ICheck
{
    // Enough to plan an upgrade; an earlier warning would be too early.
    private const int NearMonths = 6;

    public string Name => "versions";

    public IReadOnlyList<string> Acceptable => VersionFindings.Acceptable;

    public async Task RunAsync(AssessWorld world, IAssessNotes notes, CancellationToken ct)
    {
        var source = world.Source.ServerMajor;
        var today = DateOnly.FromDateTime(world.Parts.Clock.GetUtcNow().UtcDateTime);
        var target = TargetMajor(world);
        if (target is { } known)
        {
            if (source > known)
                notes.Add(VersionFindings.SourceNewer(source, Runs(world, known)));
            else if (source < known)
                notes.Add(VersionFindings.Upgrade(source, known, known - source));
            await RequireReadableAsync(world, source, known, notes, ct);
        }

        if (world.Request.PgVersion is { } asked && world.Target is { ServerMajor: var runs } && runs != asked)
            notes.Add(VersionFindings.PgVersion(asked, world.Parts.Target!.Title, runs));
        // One on this machine offers what this machine has.
        if (world is { IsForHeroku: true, IsHerokuHere: false } && source < OldestOffered(today) && target > source)
        {
            notes.Add(VersionFindings.SourceNotOffered(source, target.Value, string.Join(", ", HerokuVersion.All
                .Where(one => one.EndOfLife > today).Select(one => one.Major)), HerokuVersion.AsOf));
        }

        if (PostgresRelease.Find(source) is { } release && release.EndOfLife <= today.AddMonths(NearMonths))
            notes.Add(VersionFindings.SourceEnds(source,
                release.EndOfLife <= today
                    ? $"got its last release on {Day(release.EndOfLife)}"
                    : $"gets its last release on {Day(release.EndOfLife)}",
                target > source
                    ? $"The move brings the database to PostgreSQL {target}; do not put it off."
                    : $"Plan the step to a newer major for soon after the move."));
        if (world is { Target: { ServerMajor: var there }, Parts.Target.Heroku.IsHere: false }
            && HerokuVersion.Find(there) is { } offered
            && offered.EndOfLife <= today.AddMonths(NearMonths))
        {
            notes.Add(VersionFindings.TargetEnds(there, Day(offered.EndOfLife), HerokuVersion.AsOf,
                HerokuVersion.Default, world.Parts.Target!.Heroku!.App));
        }
    }

    private static int OldestOffered(DateOnly today) =>
        HerokuVersion.All.FirstOrDefault(one => one.EndOfLife > today)?.Major ?? HerokuVersion.Newest;

    // Null: not known yet.
    private static int? TargetMajor(AssessWorld world) => world switch
    {
        { Target: { } target } => target.ServerMajor,
        // A local Heroku uses this machine's version.
        { Parts.Target.Heroku.IsHere: true } or { Parts.Heroku.IsHere: true } => null,
        { Request.PgVersion: { } asked } => asked,
        { IsForHeroku: true } =>
            world.Source.ServerMajor > HerokuVersion.Newest ? HerokuVersion.Newest : HerokuVersion.Default,
        _ => null,
    };

    private static string Runs(AssessWorld world, int major) =>
        world.Target is null && world.Request.PgVersion is not null
            ? $"--pg-version orders PostgreSQL {major}"
            : world.Target is null ? $"Heroku offers PostgreSQL {major} at most, as published in {HerokuVersion.AsOf}"
            : $"{world.Parts.Target!.Title} runs PostgreSQL {major}";

    // The version of a target's pg_restore is not documented; its server's major is assumed.
    private static async Task RequireReadableAsync(
        AssessWorld world, int source, int target, IAssessNotes notes, CancellationToken ct)
    {
        if (await world.FindDumperAsync(ct) is not { } dumper || ArchiveMinor(dumper.Major) <= ArchiveMinor(target))
            return;
        var wanted = Math.Max(source, target);
        // If the server itself is too new, an older pg_dump could not read it; that is reported already.
        if (ArchiveMinor(wanted) <= ArchiveMinor(target))
            notes.Add(VersionFindings.ArchiveTooNew(dumper.Name, $"1.{ArchiveMinor(dumper.Major)}", target, wanted));
    }

    /// <summary>Archive format of this major's pg_dump: 1.14, 1.15 or 1.16. A pg_restore reads its own format and older
    /// ones.</summary>
    /// <remarks>https://www.postgresql.org/docs/current/app-pgrestore.html; K_VERS_1_14 to K_VERS_1_16 of
    /// pg_backup_archiver.h</remarks>
    private static int ArchiveMinor(int major) => major >= 17 ? 16 : major == 16 ? 15 : 14;

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
