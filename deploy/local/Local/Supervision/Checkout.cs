namespace CarbonMarket.Local.Supervision;

/// <summary>Where things lie. Everything this program makes is under <see cref="Home"/> (<c>.local</c>) unless said otherwise.</summary>
public sealed record Checkout(string Root, string Home, string Binaries, string Configuration)
{
    /// <summary>Moves the whole of <c>.local</c>: how a test runs a system of its own.</summary>
    public const string HomeVariable = "CARBONMARKET_LOCAL_DIR";

    public string State => In("state.json");

    public string Secrets => In("secrets.json");

    public string SigningKey => In("identity-signing-key.pem");

    public string Status => In("status.json");

    public string Lock => In("supervisor.lock");

    public string Socket => In("control.sock");

    public string JobResult => In("main-job.json");

    public string JobState => In("main-job.state.json");

    /// <summary>The build output says where it came from: <c>bin/Project/configuration</c>, below the checkout's root.</summary>
    public static Checkout Here()
    {
        var output = new DirectoryInfo(AppContext.BaseDirectory);
        var binaries = output.Parent!.Parent!.FullName;
        var home = Environment.GetEnvironmentVariable(HomeVariable);
        var root = Environment.GetEnvironmentVariable("CARBONMARKET_ROOT") is { Length: > 0 } told ? told : FindRoot(output);
        return new(root, home is { Length: > 0 } ? Path.GetFullPath(home) : Path.Combine(root, ".local"), binaries, output.Name);
    }

    public string Log(string name) => Path.Combine(Home, "logs", name + ".log");

    public string Assembly(string project) => Path.Combine(Binaries, project, Configuration, $"CarbonMarket.{project}.dll");

    /// <summary>As root the path must be open to the account of PostgreSQL; the secrets in it are closed one by one.</summary>
    public void CreateHome()
    {
        Directory.CreateDirectory(Home);
        File.SetUnixFileMode(Home, Environment.IsPrivilegedProcess
            ? UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute
            : UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Directory.CreateDirectory(In("logs"));
    }

    public string In(string name) => Path.Combine(Home, name);

    private static string FindRoot(DirectoryInfo from)
    {
        for (var directory = from; directory is not null; directory = directory.Parent)
            if (File.Exists(Path.Combine(directory.FullName, "CarbonMarket.sln")))
                return directory.FullName;
        return Environment.CurrentDirectory;
    }
}
