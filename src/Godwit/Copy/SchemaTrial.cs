using Godwit.Copy.Definitions;
using Godwit.Extract;
using Godwit.Extract.Cleaning;
using Godwit.Faults;
using Godwit.PgArchive;
using Godwit.Postgres;
using Godwit.Providers;

namespace Godwit.Copy;

/// <summary>Makes a source's definitions in an empty target, in one transaction that is taken back: what the target
/// would refuse is known while everything still runs, and nothing can be left of it, however it ends.</summary>
/// <param name="call">The pg_dump that fits the source.</param>
/// <param name="mappedRoles">As for a copy; null: nothing is left out for the target's sake.</param>
public sealed class SchemaTrial(PgDumpCall call, PostgresAddress target, RoleMap? mappedRoles)
{
    /// <summary>Sent at once.</summary>
    private const int GroupMax = 100;

    /// <summary>Definitions without rows take seconds; thousands over a long line, minutes.</summary>
    private static readonly TimeSpan TrialMax = TimeSpan.FromMinutes(5);

    /// <exception cref="FaultException">Source or target did not answer.</exception>
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
        // Of a hundred that were sent at once, nobody knows which one ended the session.
        return trial.HasEnded ? await TryAsync(head, encoding, groupMax: 1, ct) : trial;
    }

    private async Task<TrialResult> TryAsync(ArchiveHead head, string encoding, int groupMax, CancellationToken ct)
    {
        await using var session = await new TargetSessions(target, encoding, indexJobs: 1).OpenAsync(ct);
        if (await ServerCatalog.RelationsAsync(session, ct) is { Count: > 0 } there)
            return TrialResult.None($"the target holds {Named.Some(there)}");
        var order = new RestoreOrder(head) { Halves = Halves.Definitions };
        var trial = new Trial(session);
        await session.ExecuteAsync("BEGIN", ct);
        var entries = order.First.Concat(order.Later.Where(entry => !entry.HasData)).Where(order.Makes);
        foreach (var group in entries.Chunk(groupMax).TakeWhile(_ => session.IsOpen))
            await trial.MakeAsync(group, ct);
        // A session that ends without a COMMIT takes back as well.
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
        // Its locks at the source are gone before anything is made.
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
            // What needs something that was refused would be refused for that alone.
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

        /// <returns>What the server said against it; null: all of them are made.</returns>
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
                // The driver closes a session at an internal error, and PostGIS calls some of its own so.
                if (session.IsOpen)
                    await session.ExecuteAsync("ROLLBACK TO SAVEPOINT godwit_trial; RELEASE SAVEPOINT godwit_trial",
                        ct);
                return e.Fault.Why;
            }
        }
    }
}

/// <param name="Made">Definitions that the target took.</param>
/// <param name="WhyNot">Why there was no trial, a clause; null: there was one.</param>
public sealed record TrialResult(int Made, IReadOnlyList<RefusedDefinition> Refused, string? WhyNot)
{
    private const int ShownMax = 5;

    /// <summary>Enough of a statement to know it by.</summary>
    private const int StatementMax = 400;

    public string RefusedCount => Named.Count(Refused.Count, "definition");

    /// <summary>The first of what was refused, each with what the server said: a clause.</summary>
    public string RefusedNamed => Named.SomeClauses([.. Shown.Select(one => $"{one.Title}: {one.Why}")]);

    /// <summary>The statements of these, a line or more each.</summary>
    public string RefusedStatements => string.Join('\n',
        Shown.Select(one =>
            one.Statement.Length <= StatementMax ? one.Statement : one.Statement[..StatementMax] + " …"));

    private IEnumerable<RefusedDefinition> Shown => Refused.Take(ShownMax);

    /// <summary>The target's session ended before all was tried.</summary>
    internal bool HasEnded { get; init; }

    internal static TrialResult None(string why) => new(0, [], why);
}

/// <param name="Title">Kind, schema and name, as a table of contents has them.</param>
/// <param name="Statement">Without what looks like a password.</param>
/// <param name="Why">What the server said, a clause.</param>
public sealed record RefusedDefinition(string Title, string Statement, string Why);
