namespace Godwit.Storage.Parts;

/// <summary>Reuses the buffers of one upload: buffers this large would stay as garbage until a full collection. Not
/// thread-safe.</summary>
internal sealed class PartBuffers
{
    private readonly Stack<byte[]> _free = new();

    /// <returns>A buffer of at least <paramref name="bytes"/>, not cleared.</returns>
    public byte[] Rent(int bytes)
    {
        while (_free.TryPop(out var buffer))
        {
            // Drops smaller buffers, which are from before the parts grew.
            if (buffer.Length >= bytes)
                return buffer;
        }

        return GC.AllocateUninitializedArray<byte>(bytes);
    }

    public void Return(byte[] buffer) => _free.Push(buffer);
}
