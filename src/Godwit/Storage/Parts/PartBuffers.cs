namespace Godwit.Storage.Parts;

/// <summary>The buffers of one upload, used again and again: a part is so large that each would otherwise wait as
/// garbage for a full collection. Not for two threads at once.</summary>
internal sealed class PartBuffers
{
    private readonly Stack<byte[]> _free = new();

    /// <returns>At least <paramref name="bytes"/> long, with anything in it.</returns>
    public byte[] Rent(int bytes)
    {
        while (_free.TryPop(out var buffer))
        {
            // One too small is from before the parts grew, and so are those under it.
            if (buffer.Length >= bytes)
                return buffer;
        }

        return GC.AllocateUninitializedArray<byte>(bytes);
    }

    public void Return(byte[] buffer) => _free.Push(buffer);
}
