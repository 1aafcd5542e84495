OWA has no instant messaging because the certificate's subject name is not the pool name
owa-subject-name.yaml

   A lab connects Outlook Web App to Lync. Every step of the guide was done, the
   CAS array name mail.deitterick.com is on the certificate, both sides trust
   each other's certificates, and still nobody in OWA has contacts.

   source       What FQDN to use when Setting Up OWA/Lync Integration?
                (2011-12-22). Names, record and both ways out are the article's;
                the application's port, the CAS server's own name on the
                certificate and that no SIP message follows are assumed.

 1 OWA signs in with the certificate that is bound to IIS  passed
   LAB-EX2010.lab.deitterick.com signs sip:test@deitterick.com in, with the
   certificate "iis".
   certificate  subject CN  deitterick.com                        <-- speaks
                SAN         deitterick.com
                SAN         mail.deitterick.com
                SAN         LAB-EX2010.lab.deitterick.com
   Front End    refused, unknown-server
                The Front End looks this name up among its known servers and
                does not find it.
   peer sees    closed-after-handshake, TLSv1.2; EOF
   OWA's user   Instant Messaging isn't available right now. The Contact List
                will appear when the service becomes available.
   proof        fail  unknown-server: saw subject.cn = "deitterick.com", wanted
                      one of 2 known servers
                pass  15 of 22 checks; skipped revoked, revocation-unknown,
                      duplicate-server, wrong-interface, outbound-only,
                      name-mismatch
   near miss    mail.deitterick.com (in-san-not-in-cn)
                The certificate has it as an alternative name, which does not
                speak here. Seen by san.dns = "mail.deitterick.com".
                LAB-EX2010.lab.deitterick.com (in-san-not-in-cn)
                The certificate has it as an alternative name, which does not
                speak here. Seen by san.dns = "LAB-EX2010.lab.deitterick.com".
   way out      1. Add deitterick.com to the pool mail.deitterick.com as a
                   computer (Topology Builder)
                2. Add deitterick.com to the pool mail.deitterick.com as a
                   computer (PowerShell)
                3. Delete the pool mail.deitterick.com and make it again as
                   deitterick.com (Topology Builder)
                4. Delete the pool mail.deitterick.com and make it again as
                   deitterick.com (PowerShell)
                5. Reissue the certificate with the subject name
                   mail.deitterick.com (Exchange 2010)
                6. Reissue the certificate with the subject name
                   mail.deitterick.com (Exchange 2013)
                7. Reissue the certificate with the subject name
                   mail.deitterick.com (Exchange 2016 and 2019)
   trace
     TL_ERROR(TF_CONNECTION) [0]0AC0.1278::12/20/2011-20:45:01.704.000003ca (SIPStack,SIPAdminLog::TraceConnectionRecord:SIPAdminLog.cpp(160))$$begin_record
     LogType: connection
     Severity: error
     Text: The peer is not a configured server on this network interface
     Transport: TLS
     Data: fqdn="deitterick.com"
     $$end_record

 2 First way out, a certificate whose subject name is the pool name  passed
   LAB-EX2010.lab.deitterick.com signs sip:test@deitterick.com in, with the
   certificate "iis-reissued".
   certificate  subject CN  mail.deitterick.com                   <-- speaks
                SAN         mail.deitterick.com
                SAN         LAB-EX2010.lab.deitterick.com
   Front End    accepted
                mail.deitterick.com is a known server: a pool.
   peer sees    connected, TLSv1.2
   OWA's user   available
   proof        pass  19 of 22 checks; skipped revoked, revocation-unknown,
                      name-mismatch

   Second way out. A pool cannot be renamed, so it is deleted and made again
   under the other name.

 3 Topology Builder will not rename a pool  passed
   Rename the pool mail.deitterick.com to deitterick.com.
   topology     refused
                A pool cannot be renamed: delete "mail.deitterick.com", publish
                the topology, and create "deitterick.com" and its applications
                anew.

 4 Delete the pool and publish  passed
   Delete the pool mail.deitterick.com; publish the topology.
   topology     applied

 5 Make the new pool, and its application again, and publish  passed
   Make the pool deitterick.com with the computers
   LAB-EX2010.lab.deitterick.com; add the application owa (port 5199) to the
   pool deitterick.com; publish the topology.
   topology     applied

 6 The certificate bound to IIS is now the right one  passed
   LAB-EX2010.lab.deitterick.com signs sip:test@deitterick.com in, with the
   certificate "iis".
   certificate  subject CN  deitterick.com                        <-- speaks
                SAN         deitterick.com
                SAN         mail.deitterick.com
                SAN         LAB-EX2010.lab.deitterick.com
   Front End    accepted
                deitterick.com is a known server: a pool.
   peer sees    connected, TLSv1.2
   OWA's user   available
   proof        pass  19 of 22 checks; skipped revoked, revocation-unknown,
                      name-mismatch

