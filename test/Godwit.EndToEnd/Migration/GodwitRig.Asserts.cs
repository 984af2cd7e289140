using Npgsql;

namespace Godwit.EndToEnd.Migration;

/// <summary>What must be true of both sides and the app after a run.</summary>
public sealed partial class GodwitRig
{
    /// <summary>True if a new session of the application can write.</summary>
    public async Task<bool> IsSourceWritableAsync()
    {
        try
        {
            await ExecuteAtSourceAsync("CREATE TABLE probe_of_a_test (); DROP TABLE probe_of_a_test");
            return true;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.ReadOnlySqlTransaction)
        {
            return false;
        }
    }

    /// <summary>Compares every table by count and contents, and the large objects. Returns only if they are
    /// equal.</summary>
    public async Task AssertTargetEqualsSourceAsync(string configVar = "DATABASE_URL") => Assert.Equal(
        await JourneySource.ContentsAsync(SourceConnection.Reveal(), Ct),
        await JourneySource.ContentsAsync(await TargetConnectionAsync(configVar), Ct));

    /// <summary>The application can use the source as before the run.</summary>
    public async Task AssertEverythingIsAsBeforeAsync()
    {
        Assert.True(await IsSourceWritableAsync(), "the source is read-only");
        Assert.False(await IsInMaintenanceAsync(), "the app is in maintenance");
        Assert.Equal(Workers, await WorkersAsync());
        Assert.Empty(StoreFiles);
    }

    /// <summary>The application uses the target, and nobody can write to the source.</summary>
    public async Task AssertProvenAsync(string configVar = "DATABASE_URL")
    {
        Assert.False(await IsSourceWritableAsync(), "the source is writable after the cut-over");
        Assert.False(await IsInMaintenanceAsync(), "the app is in maintenance");
        Assert.Equal(Workers, await WorkersAsync());
        Assert.Empty(StoreFiles);
        await AssertTargetEqualsSourceAsync(configVar);
    }
}
