using Godwit.Copy.Definitions;
using Godwit.Extract;
using Godwit.Extract.Cleaning;
using Godwit.Faults;
using Godwit.PgArchive;
using Godwit.Postgres;
using Godwit.Providers;

namespace Godwit.Copy;

/// <summary>Makes a source's definitions in an empty target, in one transaction that is rolled back: refusals are known
/// while the source still runs, and nothing is left.</summary>
/// <param name="mappedRoles">As for a copy; null: nothing is left out.</param>
public sealed class SchemaTrial(PgDumpCall call, PostgresAddress target, RoleMap? mappedRoles)
{
    // Definitions sent at once.
    private const int GroupMax = 100;

    // Definitions without rows take seconds; thousands over a slow line, minutes.
    private static readonly TimeSpan TrialMax = TimeSpan.FromMinutes(5);

    public async Task<TrialResult> RunAsync(Action<LockWait> waits, TimeProvider clock, CancellationToken ct)
    {
        using var limit = new CancellationTokenSource(TrialMax, clock);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token);
        try
        {
            return await TryAsync(waits, stop.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            return TrialResult.None($"it took longer than {TrialMax.TotalMinutes:0} minutes");
        }
        catch (FaultException e) when (PostgresSession.IsAnswer(e, PostgresSession.OutOfMemory))
        {
            return TrialResult.None("the target has no room for the locks of so many definitions in one transaction");
        }
    }

    private async Task<TrialResult> TryAsync(Action<LockWait> waits, CancellationToken ct)
    {
        var (head, encoding, whyNot) = await ReadAsync(waits, ct);
        if (head is null)
            return TrialResult.None(whyNot);
        var trial = await TryAsync(head, encoding, GroupMax, ct);
        // One of a group ended the session: one by one shows which.
        return trial.HasEnded ? await TryAsync(head, encoding, groupMax: 1, ct) : trial;
    }

    private async Task<TrialResult> TryAsync(ArchiveHead head, string encoding, int groupMax, CancellationToken ct)
    {
        await using var session = await new TargetSessions(target, encoding, indexJobs: 1).OpenAsync(ct);
        if (await ServerCatalog.RelationsAsync(session, ct) is { Count: > 0 } there)
            return TrialResult.None($"the target holds {Phrase.List(there)}");
        var order = new RestoreOrder(head) { CopiedParts = CopiedParts.Definitions };
        var trial = new Trial(session);
        await session.ExecuteAsync("BEGIN", ct);
        var entries = order.First.Concat(order.Later.Where(entry => !entry.HasData)).Where(order.Makes);
        foreach (var group in entries.Chunk(groupMax).TakeWhile(_ => session.IsOpen))
            await trial.MakeAsync(group, ct);
        // A session that ends without COMMIT is rolled back too.
        if (session.IsOpen)
            await session.ExecuteAsync("ROLLBACK", ct);
        return new(trial.Made, trial.Refused, null) { HasEnded = !session.IsOpen };
    }

    private async Task<(ArchiveHead? Head, string Encoding, string WhyNot)> ReadAsync(
        Action<LockWait> waits, CancellationToken ct)
    {
        await using var from = await PostgresSession.OpenAsync(call.Source, ct);
        if (await StandbyFacts.FindAsync(from, ct) is { Sharing: { MayShare: false, WhyNot: var why } })
            return (null, "", $"its definitions are read in a session of their own, because {why}");
        await using var into = await PostgresSession.OpenAsync(target, ct);
        var cleaning = mappedRoles is null ? null : await CleaningRulesFinder.FindAsync(from, into, mappedRoles, ct);
        // Its locks at the source are released before anything is made.
        await using var moment = await SourceMoment.OpenAsync(
            call,
            new CopyOptions { HasRows = false, HasOwnersAndGrants = mappedRoles is not null, Cleaning = cleaning },
            compressLevel: null, waits, ct);
        return (StandardStrings.Of(moment.Head), moment.Encoding, "");
    }

    private sealed class Trial(PostgresSession session)
    {
        private readonly HashSet<int> _missing = [];

        public int Made { get; private set; }

        public List<RefusedDefinition> Refused { get; } = [];

        public async Task MakeAsync(IReadOnlyList<TocEntry> entries, CancellationToken ct)
        {
            // An entry that needs a refused one would be refused for that alone.
            var open = entries.Where(entry => !IsMissing(entry)).ToList();
            var said = open.Count == 0 ? null : await TryAsync(open, ct);
            if (said is null)
            {
                Made += open.Count;
                return;
            }

            if (!session.IsOpen && open.Count > 1)
                return;
            foreach (var entry in open.Where(entry => !IsMissing(entry)))
            {
                if ((session.IsOpen ? await TryAsync([entry], ct) : said) is not { } why)
                {
                    Made++;
                    continue;
                }

                _missing.Add(entry.DumpId);
                Refused.Add(new(WorkList.Title(entry), $"{SecretMask.Of(entry)}".Trim(), why));
            }
        }

        private bool IsMissing(TocEntry entry)
        {
            if (!entry.Dependencies.Any(_missing.Contains))
                return false;
            _missing.Add(entry.DumpId);
            return true;
        }

        /// <returns>The server's error; null: all were made.</returns>
        private async Task<string?> TryAsync(IReadOnlyList<TocEntry> entries, CancellationToken ct)
        {
            var sql = string.Join('\n', entries.Select(WorkList.SqlOf).Where(one => one.Length > 0)
                .Select(one => $"{one.TrimEnd(';', '\n')};"));
            await session.ExecuteAsync("SAVEPOINT godwit_trial", ct);
            try
            {
                await session.ExecuteAsync($"{sql}\nRELEASE SAVEPOINT godwit_trial", ct);
                return null;
            }
            catch (FaultException e) when (PostgresSession.StateOf(e) is not null and not PostgresSession.OutOfMemory
                && e.Fault.Kind != FaultKind.Transient)
            {
                // The driver closes a session at an internal error, a code that PostGIS uses for some of its own
                // errors.
                if (session.IsOpen)
                    await session.ExecuteAsync("ROLLBACK TO SAVEPOINT godwit_trial; RELEASE SAVEPOINT godwit_trial",
                        ct);
                return e.Fault.Why;
            }
        }
    }
}

/// <param name="Made">Definitions that the target accepted.</param>
/// <param name="WhyNot">A clause: why there was no trial; null: there was one.</param>
public sealed record TrialResult(int Made, IReadOnlyList<RefusedDefinition> Refused, string? WhyNot)
{
    private const int ShownMax = 5;

    // Characters of a statement that are shown.
    private const int StatementMax = 400;

    public string RefusedCount => Phrase.Count(Refused.Count, "definition");

    /// <summary>The first refused definitions, each with the server's error: a clause.</summary>
    public string RefusedNamed => Phrase.ListClauses([.. Shown.Select(one => $"{one.Title}: {one.Why}")]);

    /// <summary>Their statements, one or more lines each.</summary>
    public string RefusedStatements => string.Join('\n',
        Shown.Select(one =>
            one.Statement.Length <= StatementMax ? one.Statement : one.Statement[..StatementMax] + " …"));

    private IEnumerable<RefusedDefinition> Shown => Refused.Take(ShownMax);

    /// <summary>The target's session ended before all definitions were tried.</summary>
    internal bool HasEnded { get; init; }

    internal static TrialResult None(string why) => new(0, [], why);
}

/// <param name="Title">Kind, schema and name, as in a table of contents.</param>
/// <param name="Statement">Without what looks like a password.</param>
/// <param name="Why">A clause: the server's error.</param>
public sealed record RefusedDefinition(string Title, string Statement, string Why);
