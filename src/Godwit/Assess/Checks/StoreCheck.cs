using Godwit.Faults;

namespace Godwit.Assess.Checks;

/// <summary>Whether the store can be used.</summary>
internal sealed class StoreCheck : ICheck
{
    public string Name => "store";

    public async Task RunAsync(AssessWorld world, IAssessNotes notes, CancellationToken ct)
    {
        if (world.Parts.Store is not { } store)
            return;
        notes.Tell("store", store.Address);
        try
        {
            await (world.Wishes.OnlyLooks ? store.CheckAsync(ct) : store.CheckWritableAsync(ct));
        }
        catch (FaultException e)
        {
            notes.Find(Finding.Of(e.Fault));
        }
    }
}
