namespace Godwit.EndToEnd.Migration;

/// <summary>How both sides and the app must be behind a run.</summary>
public sealed partial class GodwitRig
{
    /// <summary>Every table on both sides by count and contents, and the large objects. Equal when this returns.</summary>
    public async Task AssertTargetEqualsSourceAsync(string configVar = "DATABASE_URL") => Assert.Equal(
        await JourneySource.ContentsAsync(SourceConnection.Reveal(), Ct), await JourneySource.ContentsAsync(await TargetConnectionAsync(configVar), Ct));

    /// <summary>The application can work with the source, as it could before the run.</summary>
    public async Task AssertEverythingIsAsBeforeAsync()
    {
        Assert.True(await IsSourceWritableAsync(), "the source is read-only");
        Assert.False(await IsInMaintenanceAsync(), "the app is in maintenance");
        Assert.Equal(Workers, await WorkersAsync());
        Assert.Empty(StoreFiles);
    }

    /// <summary>The application works on the target, and nobody can write into the past.</summary>
    public async Task AssertProvenAsync(string configVar = "DATABASE_URL")
    {
        Assert.False(await IsSourceWritableAsync(), "the source is writable after the cut-over");
        Assert.False(await IsInMaintenanceAsync(), "the app is in maintenance");
        Assert.Equal(Workers, await WorkersAsync());
        Assert.Empty(StoreFiles);
        await AssertTargetEqualsSourceAsync(configVar);
    }
}
