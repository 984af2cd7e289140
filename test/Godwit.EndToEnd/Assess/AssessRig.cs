using System.Security.Cryptography;
using Godwit.Assess;
using Godwit.Faults;
using Godwit.HerokuLocal;
using Godwit.Migration;
using Godwit.Postgres;
using Godwit.Storage;
using Godwit.Targets;

namespace Godwit.EndToEnd.Assess;

/// <summary>A database of an ordinary role, made for one test, and what the assessment finds in it.</summary>
internal sealed class AssessRig : IAsyncDisposable
{
    private readonly Secret _password = new(Convert.ToHexString(RandomNumberGenerator.GetBytes(12)));

    private AssessRig(LocalCluster server, string name) => (Server, Name) = (server, name);

    public LocalCluster Server { get; }

    /// <summary>Of the database and of the role that owns it: no superuser, no BYPASSRLS, no rights on the
    /// server.</summary>
    public string Name { get; }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <param name="options">Of CREATE DATABASE: <c>ENCODING 'LATIN1'</c>.</param>
    public static async Task<AssessRig> CreateAsync(LocalCluster server, string options = "")
    {
        var rig = new AssessRig(server, $"assess_{Guid.NewGuid():N}"[..20]);
        await server.ExecuteAsync("postgres", $"CREATE ROLE {rig.Name} LOGIN PASSWORD '{rig._password.Reveal()}'", Ct);
        await server.ExecuteAsync("postgres",
            $"CREATE DATABASE {rig.Name} OWNER {rig.Name} TEMPLATE template0 {options}", Ct);
        return rig;
    }

    /// <summary>As the superuser, in the database.</summary>
    public Task ExecuteAsync(string sql) => Server.ExecuteAsync(Name, sql, Ct);

    /// <summary>As the role that assesses.</summary>
    public async Task ExecuteAsOwnerAsync(string sql)
    {
        await using var session = await PostgresSession.OpenAsync(Address, Ct);
        await session.ExecuteAsync(sql, Ct);
    }

    /// <summary>Another way to the same database; null: the direct one.</summary>
    public PostgresAddress? Via { get; set; }

    public PostgresAddress Address =>
        Via ?? PostgresUrl.Parse(Server.Url(Name, Name, _password).Reveal(), "The rig's URL");

    /// <summary>For the driver, as the role that assesses; outside of a pool.</summary>
    public Secret ConnectionString => Server.ConnectionString(Name, Name, _password);

    /// <param name="change">The last word about what is assessed.</param>
    public Task<Assessment> AssessAsync(
        AssessRequest? wishes = null, ITarget? target = null, IObjectStore? store = null,
        Func<AssessParts, AssessParts>? change = null,
        IReadOnlyList<ICheck>? checks = null) =>
        AssessAtAsync(Address, wishes, target, store, change, checks);

    /// <summary>Of a database that is not the rig's.</summary>
    /// <param name="checks">Null: all there are.</param>
    public static async Task<Assessment> AssessAtAsync(PostgresAddress source,
        AssessRequest? wishes = null, ITarget? target = null, IObjectStore? store = null,
        Func<AssessParts, AssessParts>? change = null,
        IReadOnlyList<ICheck>? checks = null)
    {
        var tools = new PgTools(Environment.GetEnvironmentVariable);
        var parts = new AssessParts
        {
            Source = source,
            Target = target,
            Store = store,
            Request = wishes ?? new(),
            FindDumperAsync = AssessTools.Dumper(source, tools, new ProcessRunner(TimeProvider.System)),
            Clock = TimeProvider.System,
        };
        await using var world = await AssessWorld.OpenAsync(change?.Invoke(parts) ?? parts, Ct);
        return await Assessment.RunAsync(world, checks ?? Assessment.AllChecks, looking: null, Ct);
    }

    /// <summary>The one finding of this code.</summary>
    public async Task<Finding> FindsAsync(
        string code, AssessRequest? wishes = null, ITarget? target = null,
        Func<AssessParts, AssessParts>? change = null)
    {
        var assessment = await AssessAsync(wishes, target, change: change);
        var found = assessment.Findings.Where(finding => finding.Code == code).ToList();
        var all = assessment.Findings.Select(finding => $"{finding.Code} ({finding.What}: {finding.Why})");
        Assert.True(found.Count == 1, $"{found.Count} findings {code}; found: {string.Join(", ", all)}");
        return found[0];
    }

    public async Task FindsNoAsync(
        string code, AssessRequest? wishes = null, ITarget? target = null,
        Func<AssessParts, AssessParts>? change = null)
    {
        var assessment = await AssessAsync(wishes, target, change: change);
        Assert.DoesNotContain(assessment.Findings, finding => finding.Code == code);
        // A check that could not look has found nothing either.
        Assert.All(assessment.Checks, check => Assert.True(check.CouldLook, check.Name));
    }

    /// <summary>Makes the database appear so large: a file with a hole takes no room, and PostgreSQL adds up the sizes
    /// of the files in a database's folder.</summary>
    public async Task PretendBytesAsync(long bytes)
    {
        var oid = await Server.ScalarAsync<uint>("postgres",
            $"SELECT oid FROM pg_database WHERE datname = '{Name}'", Ct);
        await using var hole = new FileStream(Path.Combine(Server.Folder, "data", "base", $"{oid}", "hole"),
            FileMode.Create);
        hole.SetLength(bytes);
    }

    public async ValueTask DisposeAsync()
    {
        await Server.ExecuteAsync("postgres", $"DROP DATABASE {Name} WITH (FORCE)", CancellationToken.None);
        await Server.ExecuteAsync("postgres", $"DROP ROLE {Name}", CancellationToken.None);
    }
}
