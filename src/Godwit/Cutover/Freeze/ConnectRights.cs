using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.Cutover.Freeze;

/// <summary>Revokes CONNECT on the source from all others, and restores the grants in their former order. PostgreSQL
/// keeps the rights on a database as a list (<c>pg_database.datacl</c>). A grant to a new grantee is appended, and an
/// entry without rights is removed (<c>aclupdate</c> in <c>acl.c</c>). So the same grants in the same order restore the
/// same list.</summary>
internal sealed class ConnectRights(PostgresSession session)
{
    // datacl is null: the default rights hold.
    private const string Default = "NULL";

    // undefined_object: no such role.
    private const string UndefinedObject = "42704";

    private const string Entries = """
        SELECT g.rolname, o.rolname, e.grantor = d.datdba, e.privilege_type, e.is_grantable
        FROM pg_catalog.pg_database d,
             pg_catalog.aclexplode(CASE WHEN $1::text = 'NULL' THEN pg_catalog.acldefault('d', d.datdba)
                 ELSE $1::text::pg_catalog.aclitem[] END)
             WITH ORDINALITY e (grantor, grantee, privilege_type, is_grantable, place)
             LEFT JOIN pg_catalog.pg_roles g ON g.oid = e.grantee JOIN pg_catalog.pg_roles o ON o.oid = e.grantor
        WHERE d.datname = pg_catalog.current_database() ORDER BY e.place
        """;

    private readonly string _database = ServerCatalog.Quote(session.Address.Database);

    /// <summary>For the memory.</summary>
    public async Task<string> NowAsync(CancellationToken ct) => await session.ScalarAsync<string>(
        "SELECT datacl::text FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()", ct) ?? Default;

    /// <summary>No grant gives anybody else CONNECT.</summary>
    public async Task<bool> AreTakenAsync(CancellationToken ct)
    {
        var us = await UsAsync(ct);
        return (await EntriesAsync(await NowAsync(ct), ct)).All(one => one.Privilege != "CONNECT" || one.Grantee == us);
    }

    /// <summary>Revokes and restores in a transaction that is rolled back: a proof that both are possible.</summary>
    /// <param name="between">Runs while the right is revoked.</param>
    public Task RehearseAsync(Func<Task> between, CancellationToken ct) =>
        WriteTransaction.RehearseAsync(session, async () =>
        {
            var before = await NowAsync(ct);
            await TakeAsync(ct);
            await between();
            await PutBackAsync(before, ct);
        }, ct);

    /// <summary>In the caller's transaction. CASCADE also revokes what grantees passed on.</summary>
    public async Task TakeAsync(CancellationToken ct)
    {
        var us = await UsAsync(ct);
        foreach (var grantee in (await EntriesAsync(await NowAsync(ct), ct))
            .Where(one => one.Privilege == "CONNECT").Select(one => one.Grantee).Distinct())
            await ChangeAsync($"REVOKE CONNECT ON DATABASE {_database} FROM {NameOf(grantee)} CASCADE", ct);
        await ChangeAsync($"GRANT CONNECT ON DATABASE {_database} TO {ServerCatalog.Quote(us)}", ct);
        if (!await AreTakenAsync(ct))
            throw new FaultException(FreezeFaults.CannotRevoke(session.Address, await NowAsync(ct)));
    }

    /// <summary>In the caller's transaction.</summary>
    /// <param name="before">From <see cref="NowAsync"/>.</param>
    public async Task PutBackAsync(string before, CancellationToken ct)
    {
        var wanted = await EntriesAsync(before, ct);
        if (await NowAsync(ct) == before || await IsSameAsync(wanted, ct))
            return;
        foreach (var grantee in (await EntriesAsync(await NowAsync(ct), ct)).Select(one => one.Grantee).Distinct())
            await ChangeAsync($"REVOKE ALL ON DATABASE {_database} FROM {NameOf(grantee)} CASCADE", ct);
        foreach (var entry in wanted)
            await GrantAsync(entry, ct);
        // The order of the list has no meaning for the server, so the same rights in another order are accepted.
        if (await NowAsync(ct) != before && !await IsSameAsync(wanted, ct))
            throw new FaultException(FreezeFaults.CannotPutBackGrants(session.Address, before, await NowAsync(ct)));
    }

    /// <summary>Removes entries of roles dropped or renamed since: the server would refuse the whole list.</summary>
    /// <returns>The remaining list, and the removed entries.</returns>
    public async Task<(string Known, IReadOnlyList<string> Gone)> KnownAsync(string before, CancellationToken ct)
    {
        if (before == Default)
            return (before, []);
        var known = new List<string>();
        var gone = new List<string>();
        foreach (var entry in await session.RowsAsync(
            "SELECT e FROM pg_catalog.unnest($1::text::text[]) WITH ORDINALITY u (e, place) ORDER BY place",
            row => row.GetString(0), ct, before))
            (await IsKnownAsync(entry, ct) ? known : gone).Add(entry);
        return (await session.ScalarAsync<string>("SELECT $1::text[]::text", ct, (object)known.ToArray()) ?? "{}",
            gone);
    }

    /// <summary>Statements for an administrator, if our role may not restore the rights.</summary>
    public async Task<string> StatementsAsync(string before, CancellationToken ct) =>
        string.Join('\n', (await EntriesAsync(before, ct))
            .Select(one => $"{GrantOf(one)};{(one.IsByOwner ? "" : $" -- as {one.Grantor}")}"));

    private async Task<bool> IsKnownAsync(string entry, CancellationToken ct)
    {
        try
        {
            await session.ScalarAsync<string>("SELECT $1::text::pg_catalog.aclitem::text", ct, entry);
            return true;
        }
        catch (FaultException e) when (PostgresSession.IsAnswer(e, UndefinedObject))
        {
            return false;
        }
    }

    private string GrantOf(Entry entry) =>
        $"GRANT {entry.Privilege} ON DATABASE {_database} "
        + $"TO {NameOf(entry.Grantee)}{(entry.IsGrantable ? " WITH GRANT OPTION" : "")}";

    private async Task GrantAsync(Entry entry, CancellationToken ct)
    {
        var grant = GrantOf(entry);
        if (entry.IsByOwner)
        {
            await ChangeAsync(grant, ct);
            return;
        }

        try
        {
            await session.ExecuteAsync($"SET LOCAL ROLE {ServerCatalog.Quote(entry.Grantor)}", ct);
            await session.ExecuteAsync(grant, ct);
            await session.ExecuteAsync("RESET ROLE", ct);
        }
        catch (FaultException e) when (PostgresSession.IsRefused(e))
        {
            throw new FaultException(FreezeFaults.CannotGrantAs(session.Address, entry.Grantor,
                $"{entry.Privilege} of {NameOf(entry.Grantee)}", e.Fault.Why), e);
        }
    }

    private async Task ChangeAsync(string sql, CancellationToken ct)
    {
        try
        {
            await session.ExecuteAsync(sql, ct);
        }
        catch (FaultException e) when (PostgresSession.IsRefused(e))
        {
            throw new FaultException(FreezeFaults.CannotFreeze(session.Address, e.Fault.Why), e);
        }
    }

    private async Task<bool> IsSameAsync(IReadOnlyList<Entry> wanted, CancellationToken ct) =>
        (await EntriesAsync(await NowAsync(ct), ct)).ToHashSet().SetEquals(wanted);

    private Task<IReadOnlyList<Entry>> EntriesAsync(string rights, CancellationToken ct) => session.RowsAsync(
        Entries, row => new Entry(row.IsDBNull(0) ? null : row.GetString(0), row.GetString(1), row.GetBoolean(2),
            row.GetString(3), row.GetBoolean(4)), ct, rights);

    // The login role: PostgreSQL checks CONNECT for it, even after SET ROLE.
    private async Task<string> UsAsync(CancellationToken ct) =>
        await session.ScalarAsync<string>("SELECT session_user::text", ct) ?? session.Address.User;

    private static string NameOf(string? grantee) => grantee is null ? "PUBLIC" : ServerCatalog.Quote(grantee);

    /// <param name="Grantee">Null: PUBLIC.</param>
    /// <param name="IsByOwner">The grantor is the database's owner, as for any grant by the owner or a
    /// superuser.</param>
    private sealed record Entry(string? Grantee, string Grantor, bool IsByOwner, string Privilege, bool IsGrantable);
}
