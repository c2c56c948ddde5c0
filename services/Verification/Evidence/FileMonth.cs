using System.ComponentModel.DataAnnotations;
using CarbonMarket.Calculation;
using CarbonMarket.Kernel;
using CarbonMarket.PolicyPacks;
using CarbonMarket.ServiceDefaults.EventStore;
using CarbonMarket.ServiceDefaults.Platform;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.ServiceDefaults.Security;
using CarbonMarket.Verification.Plans;
using Marten;

namespace CarbonMarket.Verification.Evidence;

public static class FileMonth
{
    public sealed record Request
    {
        /// <summary>1-200 files that are kept, each once.</summary>
        [Required]
        public IReadOnlyList<FileItem>? Files { get; init; }

        /// <summary>Every figure that the year's plan measures, once; up to 1000.</summary>
        [Required]
        public IReadOnlyList<FigureItem>? Figures { get; init; }

        /// <summary>What generating units of the plan did, each once; left out: nothing is told.</summary>
        public IReadOnlyList<UnitItem>? Units { get; init; }

        /// <summary>What stock books say of figures that the plan measures, each once; left out: nothing is told.</summary>
        public IReadOnlyList<StockItem>? Stocks { get; init; }

        /// <summary>What other sources say of this month's figures, each source once, up to 400; left out: nothing is told.</summary>
        public IReadOnlyList<CrossReadingItem>? CrossReadings { get; init; }
    }

    public sealed record FileItem
    {
        /// <summary>What the file is kept under.</summary>
        [Required]
        public string? Sha256 { get; init; }

        /// <summary>What people call it; 1-200 characters.</summary>
        [Required]
        public string? Name { get; init; }

        /// <summary>meter-reading, lab-report, calibration, invoice, statistics or other.</summary>
        [Required]
        public string? Kind { get; init; }

        /// <summary>What a certificate says; of files of kind calibration only.</summary>
        public CalibrationItem? Calibration { get; init; }

        /// <summary>What a laboratory says; of files of kind lab-report only.</summary>
        public TestItem? Test { get; init; }
    }

    public sealed record CalibrationItem
    {
        /// <summary>Code of the plan's instrument.</summary>
        [Required]
        public string? Meter { get; init; }

        /// <summary>The day of the calibration.</summary>
        [Required]
        public DateOnly? CalibratedOn { get; init; }

        /// <summary>The last day it holds for; not before calibratedOn.</summary>
        [Required]
        public DateOnly? ValidUntil { get; init; }

        /// <summary>The error that was found, with its sign: -100 to 100 percent.</summary>
        [Required]
        public decimal? ErrorPercent { get; init; }
    }

    public sealed record TestItem
    {
        /// <summary>1-200 characters.</summary>
        [Required]
        public string? Laboratory { get; init; }

        /// <summary>none, cma or cnas.</summary>
        [Required]
        public string? Mark { get; init; }

        /// <summary>as-fired (入炉) or as-received (入厂).</summary>
        [Required]
        public string? Basis { get; init; }

        /// <summary>The day on which the sample was taken.</summary>
        [Required]
        public DateOnly? SampledOn { get; init; }

        /// <summary>Not before sampledOn.</summary>
        [Required]
        public DateOnly? TestedOn { get; init; }

        /// <summary>Mt (全水分), below 100; this and the next five may be left out, and where they are given the month's figures are converted from them again.</summary>
        public decimal? TotalMoisturePercent { get; init; }

        /// <summary>Mad, below 100.</summary>
        public decimal? AirDriedMoisturePercent { get; init; }

        /// <summary>Cad.</summary>
        public decimal? AirDriedCarbonPercent { get; init; }

        /// <summary>Had.</summary>
        public decimal? AirDriedHydrogenPercent { get; init; }

        /// <summary>Sad.</summary>
        public decimal? AirDriedSulphurPercent { get; init; }

        /// <summary>Qgr,ad, 0-100 GJ/t, which is MJ/kg.</summary>
        public decimal? AirDriedGrossCalorificGjPerT { get; init; }
    }

    public sealed record FigureItem
    {
        /// <summary>Code of the plan's stream.</summary>
        [Required]
        public string? Stream { get; init; }

        /// <summary>An input that the plan measures.</summary>
        [Required]
        public string? Input { get; init; }

        /// <summary>Within the bounds of the method.</summary>
        [Required]
        public decimal? Value { get; init; }

        /// <summary>Of the input's dimension: t, 10^4Nm3, GJ/t, MWh.</summary>
        [Required]
        public string? Unit { get; init; }

        /// <summary>SHA-256 of the file of this month that shows it.</summary>
        [Required]
        public string? Evidence { get; init; }
    }

    public sealed record UnitItem
    {
        /// <summary>Code of a generating unit of the plan.</summary>
        [Required]
        public string? GeneratingUnit { get; init; }

        /// <summary>Power generated in the month, in MWh; 0 or more.</summary>
        [Required]
        public decimal? GenerationMwh { get; init; }

        /// <summary>0 where it supplies none.</summary>
        [Required]
        public decimal? HeatSuppliedGj { get; init; }

        /// <summary>What its boiler gave.</summary>
        [Required]
        public decimal? BoilerHeatGj { get; init; }

        /// <summary>0 to the hours of the month.</summary>
        [Required]
        public decimal? RunningHours { get; init; }

        /// <summary>0-100 percent of its capacity, while it ran.</summary>
        [Required]
        public decimal? LoadFactorPercent { get; init; }

        /// <summary>SHA-256 of the file of this month that shows it.</summary>
        [Required]
        public string? Evidence { get; init; }
    }

    public sealed record StockItem
    {
        /// <summary>Code of the plan's stream.</summary>
        [Required]
        public string? Stream { get; init; }

        /// <summary>An input that the plan measures.</summary>
        [Required]
        public string? Input { get; init; }

        /// <summary>What lay there when the month began; 0 or more, as the next three.</summary>
        [Required]
        public decimal? Opening { get; init; }

        /// <summary>What came in the month.</summary>
        [Required]
        public decimal? Purchased { get; init; }

        /// <summary>Left without being burned here.</summary>
        [Required]
        public decimal? Sold { get; init; }

        /// <summary>What lay there when the month ended.</summary>
        [Required]
        public decimal? Closing { get; init; }

        /// <summary>Of the input's dimension.</summary>
        [Required]
        public string? Unit { get; init; }

        /// <summary>SHA-256 of the file of this month that shows it.</summary>
        [Required]
        public string? Evidence { get; init; }
    }

    public sealed record CrossReadingItem
    {
        /// <summary>Code of a stream or generating unit of the plan.</summary>
        [Required]
        public string? Of { get; init; }

        /// <summary>An input of the stream that the plan measures; of a generating unit generationMwh or heatSuppliedGj.</summary>
        [Required]
        public string? Input { get; init; }

        /// <summary>statistics, invoice, grid-settlement or control-system.</summary>
        [Required]
        public string? Source { get; init; }

        /// <summary>0 or more.</summary>
        [Required]
        public decimal? Value { get; init; }

        /// <summary>Of the input's dimension.</summary>
        [Required]
        public string? Unit { get; init; }

        /// <summary>SHA-256 of the file of this month that shows it.</summary>
        [Required]
        public string? Evidence { get; init; }
    }

    public static void Map(RouteGroupBuilder evidence) => evidence.MapPut("/{year:int}/{month:int}", Handle)
        .RequireAuthorization(Roles.Emitter)
        .WithName("file-monthly-evidence")
        .WithSummary("File or mend the caller's evidence of a month (月度信息化存证)")
        .WithDescription(
            "Figures are checked against the year's quality-control plan as it stands. The same content again changes nothing, other content is the next version; "
            + "what comes after the last day is taken and marked late. 422 quality-plan-missing, month-not-over. 400 invalid-input names every fault.")
        .Produces<MonthAnswer>()
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    /// <param name="year">Compliance year.</param>
    /// <param name="month">1 to 12; the month must be over.</param>
    internal static async Task<IResult> Handle(
        int year, int month, Request request, HttpContext context, IDocumentSession session, EvidenceFiles files, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var (pack, at, participant) = (context.Market(), clock.GetUtcNow(), context.User.ParticipantId());
        var faults = new Faults();
        faults.RequireYear(year, pack.Compliance.FirstYear, "year");
        faults.Require(month is >= 1 and <= 12, "month", "invalid-month", "A month from 1 to 12.");
        if (faults.Any)
            return faults.ToProblem();
        var of = ComplianceYear.Of(year);
        if (await session.LoadAsync<QualityPlan>(QualityPlan.IdOf(pack.Market, participant, of), cancellationToken) is not { } plan)
            return GetPlans.Missing(year);
        var kept = await files.Kept(
            pack.Market, participant, (request.Files ?? []).Take(MonthChecks.MostFiles).Select(file => file?.Sha256).OfType<string>(), cancellationToken);
        MonthChecks.Check(faults, request, plan, month, kept);
        if (faults.Any)
            return faults.ToProblem();
        var command = Command(pack, plan, month, request, at);
        var decision = await session.AgainAfterClash(() => session.Decide<MonthlyEvidence, MonthEvent>(
            command.MonthId, stands => MonthlyEvidence.Decide(stands, command), cancellationToken));
        var filed = await session.LoadAsync<MonthlyEvidence>(command.MonthId, cancellationToken);
        return decision.ToHttp(() => Results.Ok(MonthAnswer.Of(filed!)));
    }

    /// <summary>What is to be decided on a request that is without faults.</summary>
    internal static SubmitMonth Command(PolicyPack pack, QualityPlan plan, int month, Request request, DateTimeOffset at)
    {
        var today = pack.LegalDay(at);
        return new SubmitMonth(
            plan.Market, MonthlyEvidence.IdOf(plan.Market, plan.ParticipantId, plan.Year, month), plan.ParticipantId, plan.Year, month, plan.PlanVersion, Content(request),
            MonthIsOver: today >= new DateOnly(plan.Year.Value, month, 1).AddMonths(1), Late: today > pack.EvidenceBy(plan.Year, month), at);
    }

    // Sorted, so that one month's evidence is the same however its lists were ordered.
    private static MonthContent Content(Request request) => new(
        [.. request.Files!.Select(Shown).OrderBy(file => file.Sha256, StringComparer.Ordinal)],
        [.. request.Figures!.Select(figure => new MonthFigure(
                figure.Stream!, figure.Input!, figure.Value!.Value, Unit.Parse(figure.Unit!).ToString(), figure.Evidence!))
            .OrderBy(figure => figure.Stream, StringComparer.Ordinal).ThenBy(figure => figure.Input, StringComparer.Ordinal)],
        request.Units is { Count: > 0 } units ? [.. units.Select(Said).OrderBy(unit => unit.GeneratingUnit, StringComparer.Ordinal)] : null,
        request.Stocks is { Count: > 0 } stocks
            ? [.. stocks.Select(Said).OrderBy(stock => stock.Stream, StringComparer.Ordinal).ThenBy(stock => stock.Input, StringComparer.Ordinal)]
            : null,
        request.CrossReadings is { Count: > 0 } readings
            ? [.. readings.Select(Said).OrderBy(one => one.Of, StringComparer.Ordinal).ThenBy(one => one.Input, StringComparer.Ordinal).ThenBy(one => one.Source)]
            : null);

    /// <summary>The request that says what is filed.</summary>
    internal static Request Asking(MonthContent content) => new()
    {
        Files = [.. content.Files.Select(file => new FileItem
        {
            Sha256 = file.Sha256, Name = file.Name, Kind = Words.Of(file.Kind), Calibration = Said(file.Calibration), Test = Said(file.Test),
        })],
        Figures = [.. content.Figures.Select(figure => new FigureItem
        {
            Stream = figure.Stream, Input = figure.Input, Value = figure.Value, Unit = figure.Unit, Evidence = figure.Evidence,
        })],
        Units = content.Units?.Select(one => new UnitItem
        {
            GeneratingUnit = one.GeneratingUnit, GenerationMwh = one.GenerationMwh, HeatSuppliedGj = one.HeatSuppliedGj, BoilerHeatGj = one.BoilerHeatGj,
            RunningHours = one.RunningHours, LoadFactorPercent = one.LoadFactorPercent, Evidence = one.Evidence,
        }).ToList(),
        Stocks = content.Stocks?.Select(one => new StockItem
        {
            Stream = one.Stream, Input = one.Input, Opening = one.Opening, Purchased = one.Purchased, Sold = one.Sold, Closing = one.Closing, Unit = one.Unit,
            Evidence = one.Evidence,
        }).ToList(),
        CrossReadings = content.CrossReadings?.Select(one => new CrossReadingItem
        {
            Of = one.Of, Input = one.Input, Source = Words.Of(one.Source), Value = one.Value, Unit = one.Unit, Evidence = one.Evidence,
        }).ToList(),
    };

    private static CrossReading Said(CrossReadingItem one) => new(
        one.Of!, one.Input!, Words.Parse<CrossSource>(one.Source)!.Value, one.Value!.Value, Unit.Parse(one.Unit!).ToString(), one.Evidence!);

    private static StockMonth Said(StockItem stock) => new(
        stock.Stream!, stock.Input!, stock.Opening!.Value, stock.Purchased!.Value, stock.Sold!.Value, stock.Closing!.Value, Unit.Parse(stock.Unit!).ToString(),
        stock.Evidence!);

    private static UnitMonth Said(UnitItem unit) => new(
        unit.GeneratingUnit!, unit.GenerationMwh!.Value, unit.HeatSuppliedGj!.Value, unit.BoilerHeatGj!.Value, unit.RunningHours!.Value, unit.LoadFactorPercent!.Value,
        unit.Evidence!);

    private static CalibrationItem? Said(MeterCalibration? says) => says is null ? null : new CalibrationItem
    {
        Meter = says.Meter, CalibratedOn = says.CalibratedOn, ValidUntil = says.ValidUntil, ErrorPercent = says.ErrorPercent,
    };

    private static TestItem? Said(LabTest? says) => says is null ? null : new TestItem
    {
        Laboratory = says.Laboratory, Mark = Words.Of(says.Mark), Basis = Words.Of(says.Basis), SampledOn = says.SampledOn, TestedOn = says.TestedOn,
        TotalMoisturePercent = says.TotalMoisturePercent, AirDriedMoisturePercent = says.AirDriedMoisturePercent, AirDriedCarbonPercent = says.AirDriedCarbonPercent,
        AirDriedHydrogenPercent = says.AirDriedHydrogenPercent, AirDriedSulphurPercent = says.AirDriedSulphurPercent,
        AirDriedGrossCalorificGjPerT = says.AirDriedGrossCalorificGjPerT,
    };

    private static Exhibit Shown(FileItem file) => new(
        file.Sha256!, file.Name!, Words.Parse<EvidenceKind>(file.Kind)!.Value,
        file.Calibration is { } says ? new MeterCalibration(says.Meter!, says.CalibratedOn!.Value, says.ValidUntil!.Value, says.ErrorPercent!.Value) : null,
        file.Test is { } test
            ? new LabTest(
                test.Laboratory!, Words.Parse<LabMark>(test.Mark)!.Value, Words.Parse<SampleBasis>(test.Basis)!.Value, test.SampledOn!.Value, test.TestedOn!.Value,
                test.TotalMoisturePercent, test.AirDriedMoisturePercent, test.AirDriedCarbonPercent, test.AirDriedHydrogenPercent, test.AirDriedSulphurPercent,
                test.AirDriedGrossCalorificGjPerT)
            : null);
}
