using System.Collections.Immutable;
using System.Diagnostics;
using CarbonMarket.Bench.Market;
using CarbonMarket.Calculation;
using CarbonMarket.Kernel;
using CarbonMarket.PolicyPacks;
using CarbonMarket.ServiceDefaults.EventStore;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.Verification;
using CarbonMarket.Verification.Calculations;
using CarbonMarket.Verification.Evidence;
using CarbonMarket.Verification.Exchange;
using CarbonMarket.Verification.Plans;

namespace CarbonMarket.Bench.Compliance;

/// <summary>
/// Annual reports of twelve months and five source streams: each is read from its CSV file, checked, decided month by month and computed
/// with the traces of all its figures, as the service does it, but for the store; in turns with a tenth of them, which tells whether one
/// costs the same among many. Then as XLSX, into the store, and a workbook of 1,000 rows of which each is wrong.
/// </summary>
internal sealed class ReportsStage(int reports, int rounds)
{
    private const int Year = 2025;
    private const int Distinct = 500;
    private const int WrongRows = 1_000;
    private const int StoredAtOnce = 8;
    private static readonly DateTimeOffset Spring = new(2026, 3, 1, 4, 0, 0, TimeSpan.Zero);

    private readonly PolicyPack _pack = PolicyPackCatalog.Load(Path.Combine(AppContext.BaseDirectory, "policy-packs"), ["gansu"]).Versions("gansu")[^1];
    private readonly QualityPlan _plan = Plan(5);
    private readonly string _file = EvidenceFiles.Hash("readings"u8);
    private readonly Random _random = new(4711);

    public async Task<object> Run(CancellationToken cancellationToken)
    {
        Figures.Say($"Writing {Distinct} files ...");
        var years = Enumerable.Range(0, Distinct).Select(_ => YearSheets.Filed(_plan, Months(_plan))).ToList();
        var (csv, xlsx) = (years.ConvertAll(CsvTable.Write), years.ConvertAll(WorkbookWriter.Write));
        var (many, few, workbooks, wrong) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());
        var (processor, processorOfWorkbooks) = (new List<double>(), new List<double>());
        Figures.Say("Warming up ...");
        Measure(csv, CsvSheets.MediaType, Math.Max(1, reports / 10));
        Measure(xlsx, WorkbookReader.MediaType, Math.Max(1, reports / 10));
        var (faults, stored) = (0, new List<double>());
        await using var database = await BenchDatabase.Create(cancellationToken, "verification", History.Configure);
        for (var round = 1; round <= rounds; round++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            few.Add(Measure(csv, CsvSheets.MediaType, Math.Max(1, reports / 10)));
            var busy = Busy();
            many.Add(Measure(csv, CsvSheets.MediaType, reports));
            processor.Add((Busy() - busy) / reports);
            busy = Busy();
            workbooks.Add(Measure(xlsx, WorkbookReader.MediaType, Math.Max(1, reports / 10)));
            processorOfWorkbooks.Add((Busy() - busy) / Math.Max(1, reports / 10));
            (var seconds, faults) = MeasureWrong();
            wrong.Add(seconds);
            stored.Add(await Store(database, csv, round, cancellationToken));
            Figures.Say($"Round {round} of {rounds}, {reports} reports: {1 / many[^1]:f0} a second by CSV, {1 / workbooks[^1]:f0} by XLSX, {1 / stored[^1]:f0} with their months stored; {WrongRows} wrong rows in {seconds:f2} s");
        }

        return new
        {
            Reports = new
            {
                Reports = reports,
                Months = 12,
                Streams = _plan.Content.Streams.Length,
                Rounds = rounds,
                Threads = Environment.ProcessorCount,
                ReportsPerSecond = (1 / many.Median()).Rounded(),
                ProcessorMillisecondsPerReport = processor.Median().Rounded(),
                ReportsPerSecondByXlsx = (1 / workbooks.Median()).Rounded(),
                ProcessorMillisecondsPerReportByXlsx = processorOfWorkbooks.Median().Rounded(),
                ReportsStoredPerSecond = (1 / stored.Median()).Rounded(),
                CostOfOneAmongAllToOneAmongATenth = (many.Median() / few.Median()).Rounded(),
                XlsxRows1000Seconds = wrong.Median().Rounded(),
                XlsxRows1000Faults = faults,
            },
        };
    }

    /// <summary>Milliseconds of processor time that we took so far: what a report costs also where others take the processors too.</summary>
    private static double Busy() => Process.GetCurrentProcess().TotalProcessorTime.TotalMilliseconds;

    /// <summary>Seconds that one report of so many takes, on all cores.</summary>
    private double Measure(List<byte[]> files, string mediaType, int count)
    {
        var (started, kept) = (Stopwatch.GetTimestamp(), new HashSet<string>(StringComparer.Ordinal) { _file });
        Parallel.For(0, count, number =>
        {
            var participant = DeterministicGuid.From(Guid.Empty, "participant", number);
            var plan = _plan with { ParticipantId = participant, Id = QualityPlan.IdOf(_plan.Market, participant, _plan.Year) };
            var faults = new Faults(SheetLimits.MostFaults);
            var draft = ImportYear.Read(files[number % files.Count], mediaType, Year, faults);
            draft.Check(faults, plan, kept);
            if (faults.Any)
                throw new InvalidOperationException(faults.All[0].ToString());
            var months = draft.Commands(_pack, plan, Spring).Select(Decide).ToImmutableArray();
            var computed = new ComputedYear(plan, months, YearOfEvidence.Compute(plan, months));
            if (computed.Sources().Sum(source => source.Tonnes.Value) != computed.Year.Total!.Result || computed.Basis().MonthVersions.Length != 12)
                throw new InvalidOperationException($"The sources of {participant} are not its total.");
        });
        return Stopwatch.GetElapsedTime(started).TotalSeconds / count;
    }

    /// <summary>Seconds that one year takes to be read, checked and stored: its twelve months in one transaction, several years at once.</summary>
    private async Task<double> Store(BenchDatabase database, List<byte[]> files, int round, CancellationToken cancellationToken)
    {
        var (started, kept) = (Stopwatch.GetTimestamp(), new HashSet<string>(StringComparer.Ordinal) { _file });
        await Parallel.ForEachAsync(files.Index(), new ParallelOptions { MaxDegreeOfParallelism = StoredAtOnce, CancellationToken = cancellationToken }, async (file, token) =>
        {
            var (plan, faults) = (_plan with { ParticipantId = DeterministicGuid.From(Guid.Empty, "stored", (round * Distinct) + file.Index) }, new Faults(SheetLimits.MostFaults));
            var draft = ImportYear.Read(file.Item, CsvSheets.MediaType, Year, faults);
            draft.Check(faults, plan, kept);
            await using var session = database.Store.LightweightSession();
            var decisions = await session.DecideEach<SubmitMonth, MonthlyEvidence, MonthEvent>(
                draft.Commands(_pack, plan, Spring), command => command.MonthId, MonthlyEvidence.Decide, (_, @event) => MonthlyEvidence.After(@event), token, allOrNothing: true);
            if (faults.Any || decisions.Any(decision => decision is not Decision<MonthEvent>.Accepted { Events.Length: 1 }))
                throw new InvalidOperationException($"File {file.Index} is not stored.");
        });
        return Stopwatch.GetElapsedTime(started).TotalSeconds / files.Count;
    }

    private static MonthlyEvidence Decide(SubmitMonth command) => MonthlyEvidence.Decide(null, command) is Decision<MonthEvent>.Accepted { Events: [var filed] }
        ? MonthlyEvidence.After(filed)
        : throw new InvalidOperationException($"{command.Year}-{command.Month} is not taken.");

    /// <summary>A workbook whose every row has a negative figure and a unit that is none.</summary>
    private (double Seconds, int Faults) MeasureWrong()
    {
        var plan = Plan((WrongRows / 12 / 2) + 1);
        var months = Months(plan).Select(month => month with
        {
            Content = month.Content with { Figures = [.. month.Content.Figures.Select(figure => figure with { Value = -figure.Value, Evidence = "nothing" })] },
        });
        var content = WorkbookWriter.Write(YearSheets.Filed(plan, months));
        var (started, faults) = (Stopwatch.GetTimestamp(), new Faults(SheetLimits.MostFaults));
        ImportYear.Read(content, WorkbookReader.MediaType, Year, faults).Check(faults, plan, new HashSet<string>(StringComparer.Ordinal) { _file });
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var rows = plan.Content.Inputs.Count(input => input.Basis == Basis.Measured) * 12;
        if (rows < WrongRows || faults.All.Count != rows * 2)
            throw new InvalidOperationException($"{faults.All.Count} faults are told of {rows} rows with two each.");
        return (seconds, faults.All.Count);
    }

    private List<MonthlyEvidence> Months(QualityPlan plan) =>
    [
        .. Enumerable.Range(1, 12).Select(month => new MonthlyEvidence(
            MonthlyEvidence.IdOf(plan.Market, plan.ParticipantId, plan.Year, month), plan.Market, plan.ParticipantId, plan.Year, month, 1, 1,
            new MonthContent(
                [new Exhibit(_file, $"Readings of month {month}.csv", EvidenceKind.MeterReading)],
                [
                    .. plan.Content.Inputs.Where(input => input.Basis == Basis.Measured).Select(input => new MonthFigure(
                        input.Stream, input.Input, input.Input == "quantity" ? _random.Next(100_000, 9_000_000) / 100m : _random.Next(18_000, 28_000) / 1000m,
                        input.Input == "quantity" ? "t" : "GJ/t", _file)),
                ]),
            false, Spring)),
    ];

    private static QualityPlan Plan(int streams)
    {
        var (pack, year) = (MethodPacks.Newest(MethodPacks.Emissions), ComplianceYear.Of(Year));
        string[] fuels = ["bituminous", "anthracite", "lignite", "diesel", "gangue"];
        var codes = Enumerable.Range(1, streams).Select(number => (Code: $"S{number:000}", Fuel: fuels[number % fuels.Length])).ToList();
        var content = new PlanContent(
            [new Meter("M1", "Belt scale", 0.5m, 12)],
            [.. codes.Select(stream => new StreamPlan(stream.Code, $"Boiler for {stream.Fuel}", "combustion-ncv", ImmutableSortedDictionary<string, string>.Empty.Add("fuel", stream.Fuel)))],
            [
                .. codes.SelectMany(stream => new[]
                {
                    new PlannedInput(stream.Code, "carbonPerEnergy", Basis.Default, null, "P"), new PlannedInput(stream.Code, "ncv", Basis.Measured, null, "P"),
                    new PlannedInput(stream.Code, "oxidationRate", Basis.Default, null, "P"), new PlannedInput(stream.Code, "quantity", Basis.Measured, "M1", "P"),
                }),
            ]);
        return new QualityPlan(QualityPlan.IdOf("gansu", Guid.Empty, year), "gansu", Guid.Empty, year, 1, pack.Id, pack.Version, content, null, false, Spring);
    }
}
