import java.io.File;
import java.util.List;
import java.util.stream.Collectors;
import org.semanticweb.owlapi.apibinding.OWLManager;
import org.semanticweb.owlapi.model.AxiomType;
import org.semanticweb.owlapi.model.IRI;
import org.semanticweb.owlapi.model.OWLLiteral;
import org.semanticweb.owlapi.model.OWLNamedIndividual;
import org.semanticweb.owlapi.model.OWLOntology;
import org.semanticweb.owlapi.model.OWLOntologyManager;
import org.semanticweb.owlapi.profiles.OWL2DLProfile;
import org.semanticweb.owlapi.profiles.OWLProfileReport;
import org.semanticweb.owlapi.profiles.OWLProfileViolation;
import org.semanticweb.owlapi.search.EntitySearcher;

/** Loads the ontology files given and prints, one key=value a line, what Protege would see. */
public class OwlApiCheck {
    public static void main(String[] files) throws Exception {
        for (String file : files) {
            OWLOntologyManager manager = OWLManager.createOWLOntologyManager();
            OWLOntology ontology = manager.loadOntologyFromOntologyDocument(new File(file));
            OWLProfileReport report = new OWL2DLProfile().checkOntology(ontology);
            List<OWLNamedIndividual> people = ontology.individualsInSignature().collect(Collectors.toList());
            long unlabelled = people.stream().filter(i -> !labelled(i, ontology)).count();
            System.out.println("file=" + file);
            System.out.println("iri=" + ontology.getOntologyID().getOntologyIRI().map(IRI::toString).orElse(""));
            System.out.println("version=" + ontology.getOntologyID().getVersionIRI().map(IRI::toString).orElse(""));
            System.out.println("format=" + manager.getOntologyFormat(ontology));
            System.out.println("imports=" + ontology.importsDeclarations().count());
            System.out.println("axioms=" + ontology.getAxiomCount());
            System.out.println("logical=" + ontology.getLogicalAxiomCount());
            System.out.println("classes=" + ontology.classesInSignature().count());
            System.out.println("individuals=" + people.size());
            System.out.println("anonymous=" + ontology.anonymousIndividuals().count());
            System.out.println("unlabelled=" + unlabelled);
            System.out.println("annotation_only=" + ontology.annotationPropertiesInSignature()
                .filter(p -> p.getIRI().toString().startsWith("https://w3id.org/newsclaims/ontology#")).count());
            System.out.println("class_assertions=" + ontology.getAxiomCount(AxiomType.CLASS_ASSERTION));
            System.out.println("violations=" + report.getViolations().size());
            for (OWLProfileViolation violation : report.getViolations()) {
                System.out.println("violation " + violation);
            }
        }
    }

    private static boolean labelled(OWLNamedIndividual individual, OWLOntology ontology) {
        return EntitySearcher.getAnnotations(individual, ontology)
            .filter(a -> a.getProperty().isLabel())
            .anyMatch(a -> a.getValue().asLiteral().map(OWLLiteral::hasLang).orElse(false));
    }
}
