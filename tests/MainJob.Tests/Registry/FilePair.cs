namespace CarbonMarket.MainJob.Registry;

/// <summary>Two small files of the registry's form in a folder of their own.</summary>
internal sealed class FilePair : IDisposable
{
    public const string OperatorsHeader =
        "regulator,account_holder,account_type,account_status,operator_id,permit_or_plan_id,installation_name,first_year,"
        + "last_year,emissions_2021,emissions_2022,cumulative_emissions,cumulative_surrenders,status_2021,status_2022,"
        + "nace_code,nace_description";

    public const string AllocationHeader =
        "permit_id,installation_id,installation_name,account_holder,standard_2021,ner_2021,total_2021,"
        + "standard_2022,ner_2022,total_2022";

    /// <summary>Long in 2021, short in 2022.</summary>
    public const string Operator = "EA,Holder,OPERATOR_HOLDING_ACCOUNT,OPEN,1000001,P-1,Works,2021,,100,200,300,300,A,A,1041,Oils";

    public const string Excluded = "EA,Holder,OPERATOR_HOLDING_ACCOUNT,OPEN,1000002,P-2,\"Works, small\",2021,2022,EXCLUDED,,0,0,EXCLUDED,,,";

    public const string Allocated = "P-1,1000001,Works,Holder,120,5,125,50,0,50";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("registry-");

    public FilePair(IEnumerable<string> operators, IEnumerable<string> allocation)
    {
        File.WriteAllLines(OperatorsFile, operators);
        File.WriteAllLines(AllocationFile, allocation);
    }

    public string OperatorsFile => Path.Combine(_folder.FullName, "operators.csv");

    public string AllocationFile => Path.Combine(_folder.FullName, "allocation.csv");

    /// <summary>Reads a pair whose operators' rows are given; the header and the allocation are in order.</summary>
    public static RegistryReading ReadOperators(params string[] rows) =>
        Read([OperatorsHeader, .. rows], [AllocationHeader]);

    public static RegistryReading ReadAllocation(params string[] rows) =>
        Read([OperatorsHeader, Operator, Excluded], [AllocationHeader, .. rows]);

    public static RegistryReading Read(IEnumerable<string> operators, IEnumerable<string> allocation)
    {
        using var pair = new FilePair(operators, allocation);
        return RegistryFiles.Read(pair.OperatorsFile, pair.AllocationFile);
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
