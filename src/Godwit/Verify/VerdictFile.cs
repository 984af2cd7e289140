using System.Text;
using Godwit.Faults;
using Godwit.Proof;

namespace Godwit.Verify;

/// <summary>The whole verdict of a run. Only its owner can read the file: it shows values.</summary>
internal static class VerdictFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Readers see either the old file or the new one, never a part.</summary>
    public static void Write(string path, Verdict verdict) => Guarded(path, () =>
    {
        var unfinished = path + ".new";
        File.Delete(unfinished);
        using (var file = new FileStream(unfinished,
            new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly }))
            file.Write(Encoding.UTF8.GetBytes(VerdictJson.Write(verdict) + "\n"));
        File.Move(unfinished, path, overwrite: true);
    });

    /// <summary>An earlier attempt's verdict may no longer be true.</summary>
    public static void Remove(string path) => Guarded(path, () =>
    {
        if (File.Exists(path))
            File.Delete(path);
    });

    private static void Guarded(string path, Action work)
    {
        try
        {
            work();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FaultException(VerifyFaults.VerdictNotWritten(path, e.Message.TrimEnd('.')), e);
        }
    }
}
