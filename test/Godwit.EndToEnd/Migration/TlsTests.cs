namespace Godwit.EndToEnd.Migration;

/// <summary>Godwit's own sessions and PostgreSQL's programs trust the same servers.</summary>
public sealed class TlsTests(JourneyServers servers, OtherServers others)
{
    /// <summary>The driver uses the machine's certificate authorities, and pg_dump needs a file. Once the assessment
    /// passed, and the dump failed after the freeze.</summary>
    [Theory]
    [InlineData("?sslmode=verify-full")]
    [InlineData("?sslmode=verify-ca")]
    [InlineData("?sslrootcert=system")]
    public async Task Whom_the_machine_trusts_both_trust(string parameters)
    {
        await using var rig = await GodwitRig.CreateAsync(servers, source: await others.WithTlsAsync());
        rig.StartsProgram = true;
        rig.Environment["SOURCE_URL"] = new(rig.SourceUrl.Reveal() + parameters);
        rig.Environment["SSL_CERT_FILE"] = new(rig.Source.CertificateFile);
        var empty = Path.Combine(rig.Folder, "nobody");
        rig.Environment["HOME"] = new(Directory.CreateDirectory(empty).FullName);

        (await rig.RunAsync("dump", "--from", "env:SOURCE_URL", "--engine", "pg_dump",
            "--to", Path.Combine(rig.Folder, "a.dump"))).Expect(0);
        (await rig.RunAsync("dump", "--from", "env:SOURCE_URL", "--to", Path.Combine(rig.Folder, "b.dump"))).Expect(0);
    }

    /// <summary>libpq uses the file with sslmode=require too.</summary>
    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, 1)]
    public async Task A_root_certificate_in_the_home_folder_is_looked_at(bool isTheServers, int code)
    {
        await using var rig = await GodwitRig.CreateAsync(servers, source: await others.WithTlsAsync());
        rig.StartsProgram = true;
        rig.Environment["SOURCE_URL"] = new(rig.SourceUrl.Reveal() + "?sslmode=require");
        var home = Directory.CreateDirectory(Path.Combine(rig.Folder, "home-of-somebody")).FullName;
        Directory.CreateDirectory(Path.Combine(home, ".postgresql"));
        File.Copy(isTheServers ? rig.Source.CertificateFile : "/etc/ssl/certs/ca-certificates.crt",
            Path.Combine(home, ".postgresql", "root.crt"));
        rig.Environment["HOME"] = new(home);

        var end = (await rig.RunAsync("dump", "--from", "env:SOURCE_URL",
            "--to", Path.Combine(rig.Folder, "a.dump"))).Expect(code);

        if (code != 0)
            end.Says("postgres.tls_untrusted");
    }
}
