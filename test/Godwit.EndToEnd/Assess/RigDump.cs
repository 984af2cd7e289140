using Godwit.EndToEnd.Migration;
using Godwit.Postgres;

namespace Godwit.EndToEnd.Assess;

/// <summary>The proof of what assessment says about a dump: a dump.</summary>
internal static class RigDump
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static async Task DumpsAsync(this AssessRig rig)
    {
        var said = await SaidAsync(rig);
        Assert.True(said.Length == 0, said);
    }

    /// <returns>What pg_dump, as the role that assesses, had to complain about.</returns>
    public static async Task<string> SaidAsync(AssessRig rig)
    {
        await using var process = new ProcessRunner(TimeProvider.System).Start(new ProgramCall(
            Path.Combine(OtherServers.ClientFolder(rig.Server.Major), "pg_dump"), ["--format=custom", "--no-password"])
        { Environment = rig.Address.ForLibpq() });
        await process.Output.CopyToAsync(Stream.Null, Ct);
        var code = await process.WaitAsync(Ct);
        return code == 0 ? process.ErrorTail : $"pg_dump ended with {code}: {process.ErrorTail}";
    }
}
