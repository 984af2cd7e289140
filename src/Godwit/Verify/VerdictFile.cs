using System.Text;
using Godwit.Faults;
using Godwit.Proof;

namespace Godwit.Verify;

/// <summary>The whole verdict of a run, for its owner alone: it shows values.</summary>
internal static class VerdictFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Whoever reads it at this moment sees the old one or the new one.</summary>
    public static void Write(string path, Verdict verdict) => Guarded(path, () =>
    {
        var unfinished = path + ".new";
        File.Delete(unfinished);
        using (var file = new FileStream(unfinished,
            new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly }))
            file.Write(Encoding.UTF8.GetBytes(VerdictJson.Write(verdict) + "\n"));
        File.Move(unfinished, path, overwrite: true);
    });

    /// <summary>Of an earlier attempt: what it says may not be true any more.</summary>
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
